import { createHash } from 'node:crypto';

/** The value with sorted keys. Undefined values are dropped. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, of]) => [key, canonical(of)]),
  );
}

/** The first 32 hexadecimal digits of the SHA-256 of a value's JSON. The order of keys does not matter. */
export const digestOf = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(canonical(value)))
    .digest('hex')
    .slice(0, 32);
