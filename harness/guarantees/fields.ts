import type { Json } from '../model/units.ts';

/** An object with fields, such as a part of a manifest. */
export type Fields = { readonly [field: string]: Json | undefined };

type Path = readonly [string, ...string[]];

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean => isFields(value) && Object.keys(value).length === 0;
const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** The value of a field. Undefined if the field or a parent is absent or null, which the API treats alike. */
export function valueAt(of: unknown, ...[field, ...rest]: Path): Json | undefined {
  if (!isFields(of) || !Object.hasOwn(of, field)) return undefined;
  const value = of[field] ?? undefined;
  const [next, ...more] = rest;
  return next === undefined ? value : valueAt(value, next, ...more);
}

/** The fields of an object. None if it is absent. */
export function fieldsAt(of: unknown, ...path: Path): Fields {
  const value = valueAt(of, ...path);
  return isFields(value) ? value : {};
}

/** The items of a list. None if it is absent. */
export function listAt(of: unknown, ...path: Path): readonly Json[] {
  const value = valueAt(of, ...path);
  return Array.isArray(value) ? value : [];
}

/** The text of a field. Undefined if it is empty, which the API treats like an absent one. */
export function textAt(of: unknown, ...path: Path): string | undefined {
  const value = valueAt(of, ...path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * A copy in which a field has another value. Undefined removes the field, and the parents that are empty without it. All
 * other fields keep their values and their order.
 */
export function withValue<Object extends object>(of: Object, [field, ...rest]: Path, value: Json | undefined): Object {
  const own = of as Fields;
  const [next, ...more] = rest;
  if (next === undefined) return (value === undefined ? without(own, field) : { ...own, [field]: value }) as Object;
  const before = fieldsAt(own, field);
  const after = withValue(before, [next, ...more], value);
  if (value !== undefined) return { ...own, [field]: after } as Object;
  if (after === before) return of;
  return (isEmpty(after) ? without(own, field) : { ...own, [field]: after }) as Object;
}

/** The same object if it does not have the field. */
function without(of: Fields, field: string): Fields {
  if (!Object.hasOwn(of, field)) return of;
  const { [field]: _, ...others } = of;
  return others;
}

/** Fields by name, so that words do not depend on their order in a manifest. */
export const sortedEntries = (of: Fields): readonly [string, Json | undefined][] =>
  Object.entries(of).sort(([one], [other]) => (one < other ? -1 : 1));

/** A list as the value of a field: undefined if it is empty, so that the field is removed. */
export const listOrNone = (list: readonly Json[]): readonly Json[] | undefined => (list.length > 0 ? list : undefined);

/**
 * Fields without those that have the default. Null, an empty text and an empty list count as absent, because the API
 * leaves them out too.
 */
export const withoutDefaults = (of: Fields, defaults: Fields = {}): { readonly [field: string]: Json } =>
  Object.fromEntries(
    Object.entries(of).filter((entry): entry is [string, Json] => {
      const [field, value] = entry;
      return value !== undefined && value !== null && value !== '' && !isEmptyList(value) && value !== defaults[field];
    }),
  );
