export type Fields = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object with what it lacks of these fields; anything else as it is. */
export const withMissing = (value: unknown, fields: Fields): unknown =>
  isObject(value) ? { ...fields, ...value } : value;
