import type { RequestsHeader } from '../../model/request.ts';

export const requestsSchema: RequestsHeader['schema'] = 'holdfast.requests/2';

interface Upgrade {
  readonly header: unknown;
  /** Upgrades the footer, the last line of the file. */
  readonly footer: (footer: unknown) => unknown;
}

type Values = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Upgrades the header of a requests file to the current schema, and returns how to upgrade its footer. Rows stay
 * unchanged, because they are read by the names in the header. Anything else is returned unchanged.
 */
export function upgradeRequests(header: unknown): Upgrade {
  if (!isObject(header) || header.schema !== 'holdfast.requests/1') return { header, footer: (footer) => footer };
  return {
    // A row of version 1 is the last attempt and holds the number of attempts, which is also the number of this
    // attempt.
    header: { ...header, schema: requestsSchema, fields: renamed(header.fields), attempts: 'last' },
    // The first generators did not count failures.
    footer: (footer) => (isObject(footer) ? { httpReqsFailed: null, ...footer } : footer),
  };
}

const renamed = (fields: unknown): unknown =>
  Array.isArray(fields) ? fields.map((name: unknown) => (name === 'attempts' ? 'attempt' : name)) : fields;

/** Upgrades a request in findings to the current schema. */
export function upgradeRequest(request: unknown): unknown {
  if (!isObject(request) || !('attempts' in request)) return request;
  const { attempts, ...same } = request;
  const podBy = request.pod === '' ? 'none' : 'header';
  return { ...same, attempt: attempts, connection: 0, source: '', protocol: '', podBy };
}
