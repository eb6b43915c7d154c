import { z } from 'zod';
import type { Json } from '../model/units.ts';
import { type Fields, listAt, textAt, valueAt, withoutDefaults } from './fields.ts';
import { json } from './json.ts';

/** The schema of a request that the kubelet sends for a probe or a hook, with the fields of Kubernetes. */
export const httpGet = z.strictObject({
  port: z.union([z.int().min(1).max(65_535), z.string().min(1)]),
  path: z.string().exactOptional(),
  host: z.string().exactOptional(),
  scheme: z.enum(['HTTP', 'HTTPS']).exactOptional(),
  httpHeaders: z.array(z.strictObject({ name: z.string(), value: z.string() })).exactOptional(),
  protocol: json.exactOptional(),
});

/** The fields of a request without those that have the API's default. */
export const plainHttpGet = (get: Fields): { readonly [field: string]: Json } =>
  withoutDefaults(get, { path: '/', scheme: 'HTTP' });

/** `GET /ready on 8080`. */
export function httpGetInWords(get: Json): string {
  const scheme = textAt(get, 'scheme') === 'HTTPS' ? 'HTTPS ' : '';
  const headers = listAt(get, 'httpHeaders').map((header) => `${textAt(header, 'name')}: ${textAt(header, 'value')}`);
  return [
    `${scheme}GET ${textAt(get, 'path') ?? '/'} on ${hostInWords(get)}${valueAt(get, 'port')}`,
    ...(headers.length > 0 ? [`with ${headers.join(', ')}`] : []),
  ].join(' ');
}

/** The host and a colon. Nothing if it is the pod. */
export const hostInWords = (of: Json): string => {
  const host = textAt(of, 'host');
  return host === undefined ? '' : `${host}:`;
};

const longest = 60;

/** A command in words: its arguments, shortened if it is long. */
export function commandInWords(command: readonly Json[]): string {
  const words = command.map(String).join(' ').replaceAll(/\s+/g, ' ');
  return words.length > longest ? `${words.slice(0, longest)}…` : words;
}
