export type Fields = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Adds missing fields to an object. Anything else is returned unchanged. */
export const withMissing = (value: unknown, fields: Fields): unknown =>
  isObject(value) ? { ...fields, ...value } : value;
