import { z } from 'zod';
import type { Json } from '../../model/units.ts';

const json: z.ZodType<Json> = z.json();
const step = z.union([z.string(), z.strictObject({ name: z.string() })]);

/**
 * A value that a patch changes: where it is, by keys and by names of list items; what was there, left out where there was
 * nothing; and what is put there, where null takes it away.
 */
export const change = z.strictObject({ path: z.array(step).min(1), before: json.optional(), after: json });
export type Change = z.infer<typeof change>;

type Path = Change['path'];
type Fields = { [key: string]: unknown };

/** Lists whose items a strategic merge finds by their name; any other list of objects it may replace, or not. */
const namedLists = new Set(['containers', 'initContainers', 'env', 'volumes']);
/** Whose keys belong to whoever set them, so that each is taken back by itself. */
const sharedMaps = new Set(['labels', 'annotations', 'nodeSelector']);

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNothing = (value: unknown): boolean => value === undefined || value === null;

/** Whether a value is what was put there; the API server may have added its defaults. */
function holds(value: unknown, wanted: unknown): boolean {
  if (isNothing(wanted)) return isNothing(value);
  if (Array.isArray(wanted))
    return (
      Array.isArray(value) && value.length === wanted.length && wanted.every((item, index) => holds(value[index], item))
    );
  if (isFields(wanted))
    return isFields(value) && Object.entries(wanted).every(([key, item]) => holds(value[key], item));
  return value === wanted;
}

/** What a strategic merge patch would change of an object. Throws where it could not be taken back exactly. */
export const changesOf = (object: object, patch: object): Change[] => changesAt(object, patch, []);

/** All that is different in a later state of an object. Throws where it could not be taken back exactly. */
export const changesBetween = (before: object, after: object): Change[] => [
  ...changesOf(before, after),
  ...changesOf(after, before)
    .filter((change) => change.before === undefined)
    .map(({ path, after: gone }): Change => ({ path, before: gone, after: null })),
];

function changesAt(now: unknown, patch: unknown, path: Path): Change[] {
  const key = path.at(-1);
  if (Array.isArray(patch) && holds(now, patch)) return [];
  if (Array.isArray(patch) && patch.some(isFields)) return patch.flatMap((item) => itemChanges(now, item, path));
  if (isFields(patch) && (path.length === 0 || isFields(now) || sharedMaps.has(String(key)))) {
    return Object.entries(patch).flatMap(([name, value]) => {
      if (name.startsWith('$')) throw new Error(`a patch with ${name} cannot be taken back`);
      return changesAt(isFields(now) ? now[name] : undefined, value, [...path, name]);
    });
  }
  if (holds(now, patch)) return [];
  return [{ path, ...(!isNothing(now) && { before: now as Json }), after: patch as Json }];
}

function itemChanges(now: unknown, item: unknown, path: Path): Change[] {
  const key = path.at(-1);
  const name = isFields(item) ? item.name : undefined;
  if (typeof key !== 'string' || !namedLists.has(key) || typeof name !== 'string')
    throw new Error(`a patch of ${inWords(path)} cannot be taken back: its items have no names`);
  const there = Array.isArray(now) ? now.find((each) => isFields(each) && each.name === name) : undefined;
  const at: Path = [...path, { name }];
  return there ? changesAt(there, item, at) : [{ path: at, after: item as Json }];
}

/** The patch that takes changes back; those that somebody else has changed since are left alone, and returned in words. */
export function takeBack(
  object: object,
  changes: readonly Change[],
): { readonly patch: object; readonly left: string[] } {
  const patch: Fields = {};
  const left: string[] = [];
  for (const { path, before, after } of changes) {
    const now = valueAt(object, path);
    if (holds(now, after)) put(patch, path, before);
    else if (!holds(now, before)) left.push(inWords(path));
  }
  return { patch, left };
}

const named = (list: unknown, name: string): Fields | undefined =>
  Array.isArray(list) ? list.find((each) => isFields(each) && each.name === name) : undefined;

const valueAt = (object: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => {
    if (typeof key !== 'string') return named(value, key.name);
    return isFields(value) ? value[key] : undefined;
  }, object);

/** Writes a value into a strategic merge patch; nothing is written as what takes it away. */
function put(patch: Fields, path: Path, value: Json | undefined): void {
  const [key, next] = path;
  if (typeof key !== 'string') throw new Error(`${inWords(path)} is in no list`);
  const rest = path.slice(1);
  if (next === undefined) patch[key] = value ?? null;
  else if (typeof next === 'string') {
    const inner = isFields(patch[key]) ? patch[key] : {};
    patch[key] = inner;
    put(inner, rest, value);
  } else {
    const list = Array.isArray(patch[key]) ? patch[key] : [];
    patch[key] = list;
    const item = named(list, next.name) ?? { name: next.name };
    if (!list.includes(item)) list.push(item);
    if (path.length > 2) put(item, path.slice(2), value);
    else Object.assign(item, value ?? { $patch: 'delete' });
  }
}

const inWords = (path: Path): string => path.map((key) => (typeof key === 'string' ? key : key.name)).join('.');
