import { isDeepStrictEqual } from 'node:util';
import { type Manifests, objectName } from './manifest.ts';
import type { Json } from './units.ts';

/** A field that two sets of objects do not have in common. A whole part that only one of them has is one difference. */
export interface ObjectDifference {
  /** `Deployment web`. */
  readonly object: string;
  /**
   * `spec.template.spec.containers[server].readinessProbe`. Items of a list have their `name` or `key` in brackets if
   * each has one, otherwise their index. Empty if only one of the sets has the object.
   */
  readonly field: string;
  /** Absent if the field was added. */
  readonly before?: Json;
  /** Absent if the field was removed. */
  readonly after?: Json;
}

/**
 * What changed from one set of objects to another, field by field. Objects belong together if they have the same kind
 * and name. Give it recorded objects, so that no difference holds the value of a Secret.
 */
export function diffOf(before: Manifests, after: Manifests): readonly ObjectDifference[] {
  const [one, other] = [Map.groupBy(before, objectName), Map.groupBy(after, objectName)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((object) => {
    const [was, is] = [one.get(object) ?? [], other.get(object) ?? []];
    // An API server refuses a second object of one name. A plan may hold one all the same, so no object is left out.
    return Array.from({ length: Math.max(was.length, is.length) }, (_, index) =>
      fieldsOf('', was[index], is[index]).map((difference) => ({ object, ...difference })),
    ).flat();
  });
}

type FieldDifference = Omit<ObjectDifference, 'object'>;
type Fields = { readonly [field: string]: unknown };
/** The values below a field, by what is added to its name. */
type Parts = ReadonlyMap<string, unknown>;

function fieldsOf(field: string, before: unknown, after: unknown): FieldDifference[] {
  const parts = partsOf(before, after);
  if (parts) {
    const [one, other] = parts;
    const steps = [...new Set([...one.keys(), ...other.keys()])];
    return steps.flatMap((step) => fieldsOf(below(field, step), one.get(step), other.get(step)));
  }
  if (isDeepStrictEqual(before, after)) return [];
  return [
    {
      field,
      ...(before === undefined ? {} : { before: before as Json }),
      ...(after === undefined ? {} : { after: after as Json }),
    },
  ];
}

const below = (field: string, step: string): string => (field === '' ? step.replace(/^\./, '') : `${field}${step}`);

/** The parts of two values that are compared one by one. Undefined if the values are compared as a whole. */
function partsOf(before: unknown, after: unknown): readonly [Parts, Parts] | undefined {
  if (isFields(before) && isFields(after)) return [byField(before), byField(after)];
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  // A command line is one value: with an argument more, the index of each later argument would differ.
  if (![...before, ...after].some((item) => typeof item === 'object' && item !== null)) return undefined;
  return byIdentity(before, after, 'name') ?? byIdentity(before, after, 'key') ?? [byIndex(before), byIndex(after)];
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The keys of labels and annotations contain dots, so they are written in brackets. */
const byField = (fields: Fields): Parts =>
  new Map(
    Object.entries(fields).map(([name, value]) => [/^[A-Za-z_][\w-]*$/.test(name) ? `.${name}` : `[${name}]`, value]),
  );

const byIndex = (items: readonly unknown[]): Parts => new Map(items.map((item, index) => [`[${index}]`, item]));

/** Undefined unless each item has this key with a value of its own, and items that both lists have are in one order. */
function byIdentity(
  before: readonly unknown[],
  after: readonly unknown[],
  identity: 'name' | 'key',
): readonly [Parts, Parts] | undefined {
  const [one, other] = [identified(before, identity), identified(after, identity)];
  if (!one || !other) return undefined;
  const [was, is] = [
    [...one.keys()].filter((step) => other.has(step)),
    [...other.keys()].filter((step) => one.has(step)),
  ];
  return isDeepStrictEqual(was, is) ? [one, other] : undefined;
}

function identified(items: readonly unknown[], identity: 'name' | 'key'): Parts | undefined {
  const named = new Map<string, unknown>();
  for (const item of items) {
    const name = isFields(item) ? item[identity] : undefined;
    if (typeof name !== 'string') return undefined;
    named.set(`[${name}]`, item);
  }
  return named.size === items.length ? named : undefined;
}
