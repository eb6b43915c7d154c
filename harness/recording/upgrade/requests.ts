import type { RequestsHeader } from '../../model/request.ts';

export const requestsSchema: RequestsHeader['schema'] = 'holdfast.requests/2';

interface Upgrade {
  readonly header: unknown;
  /** The same for the last line of its file. */
  readonly footer: (footer: unknown) => unknown;
}

type Values = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Turns the header of a requests file of any version into the newest shape, and says how to turn its footer. Rows stay as
 * they are: they are read by the names in the header. What is no header of an older version stays as it is, too.
 */
export function upgradeRequests(header: unknown): Upgrade {
  if (!isObject(header) || header.schema !== 'holdfast.requests/1') return { header, footer: (footer) => footer };
  return {
    // A row of version 1 is the last attempt's, with how many there were: that is its own number.
    header: { ...header, schema: requestsSchema, fields: renamed(header.fields), attempts: 'last' },
    // The first generators did not count how many failed.
    footer: (footer) => (isObject(footer) ? { httpReqsFailed: null, ...footer } : footer),
  };
}

const renamed = (fields: unknown): unknown =>
  Array.isArray(fields) ? fields.map((name: unknown) => (name === 'attempts' ? 'attempt' : name)) : fields;

/** Turns a request as findings of any version hold it into the newest shape. */
export function upgradeRequest(request: unknown): unknown {
  if (!isObject(request) || !('attempts' in request)) return request;
  const { attempts, ...same } = request;
  const podBy = request.pod === '' ? 'none' : 'header';
  return { ...same, attempt: attempts, connection: 0, source: '', protocol: '', podBy };
}
