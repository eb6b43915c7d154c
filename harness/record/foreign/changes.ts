import { isDeepStrictEqual } from 'node:util';
import { applyPatch, createPatch, Pointer } from 'rfc6902';
import { isAllowed, isMapOfUnits, isPrototypeKey, isUnit } from './allowed.ts';
import { type Change, change, isFields } from './change.ts';
import { find, forward, operationsFor } from './moves.ts';

const keysOf = ({ path }: Pick<Change, 'path'>): string[] =>
  path.map((each) => (typeof each === 'string' ? each : each.name));

export const fieldInWords = (changed: Pick<Change, 'path'>): string => keysOf(changed).join('.');

/** Whether the field may be changed in a cluster that holdfast did not create. */
export const isAllowedChange = (changed: Change): boolean => isAllowed(keysOf(changed));

/** Lists of a Deployment or StatefulSet whose items are identified by their names. */
const namedLists: ReadonlySet<string> = new Set(['containers', 'initContainers', 'env', 'volumes']);

/** The object with named lists as maps, so that items are compared by name and not by position. */
function byName(value: unknown, list = ''): unknown {
  if (Array.isArray(value) && namedLists.has(list) && value.every((item) => typeof item?.name === 'string'))
    return Object.fromEntries(value.map((item) => [item.name, byName(item)]));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, byName(item, name)]));
}

/**
 * The differences between two states of an object, one for each allowed field. Throws if anything else differs, or if a
 * difference could not be undone exactly.
 */
export function changesBetween(before: object, after: object): Change[] {
  const operations = createPatch(byName(before), byName(after), (one, other, pointer) => {
    if (!isUnit(pointer.tokens.slice(1))) return undefined;
    return isDeepStrictEqual(one, other) ? [] : [{ op: 'replace', path: pointer.toString(), value: other }];
  });
  const changes = operations
    .flatMap(({ path }) => unitsAt(Pointer.fromJSON(path).tokens.slice(1), before, after))
    .map((keys) => changeAt(keys, before, after));
  const made = structuredClone(before);
  applyPatch(made, operationsFor(before, changes.map(forward)));
  if (!isDeepStrictEqual(withoutEmpty(made), withoutEmpty(after)))
    throw new Error(
      'a list was reordered, or two of its items have the same name, so the change could not be undone exactly',
    );
  return changes;
}

/** The allowed fields at or below the keys. Throws if they may not be changed. */
function unitsAt(keys: readonly string[], before: object, after: object): readonly (readonly string[])[] {
  if (!keys.some(isPrototypeKey)) {
    if (isUnit(keys)) return [keys];
    if (isMapOfUnits(keys)) {
      const names = [before, after].flatMap((object) =>
        Object.keys(byName(find(object, keys).value, keys.at(-1)) ?? {}),
      );
      return [...new Set(names)].flatMap((name) => unitsAt([...keys, name], before, after));
    }
  }
  throw new Error(`${keys.join('.')} must not be changed in a cluster that holdfast did not create`);
}

function changeAt(keys: readonly string[], before: object, after: object): Change {
  const was = find(before, keys);
  const is = find(after, keys);
  const { ancestors } = was.value === undefined ? is : was;
  const comesOrGoes = was.value === undefined || is.value === undefined;
  const path = keys.map((name, index) => {
    const list = ancestors[index]?.value;
    if (!Array.isArray(list)) return name;
    if (index < keys.length - 1 || !comesOrGoes) return { name };
    return { name, after: list[list.findIndex((item) => item.name === name) - 1]?.name ?? null };
  });
  return change.parse({ path, ...(was.value !== undefined && { before: was.value }), after: is.value ?? null });
}

/** API servers omit empty maps and lists. */
const withoutEmpty = (object: object): unknown =>
  JSON.parse(JSON.stringify(object), (_, value: unknown) =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? undefined : value,
  );
