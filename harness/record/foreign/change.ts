import { z } from 'zod';
import type { Json } from '../../model/units.ts';
import { isPrototypeKey } from './allowed.ts';

export const isFields = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether no key in the value leads to the prototype. */
const isPlain = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.every(isPlain)
    : !isFields(value) || Object.entries(value).every(([key, item]) => !isPrototypeKey(key) && isPlain(item));

const key = z.string().refine((name) => !isPrototypeKey(name));
/** zod drops a key `__proto__`, so the keys are checked before. */
const json: z.ZodType<Json> = z.unknown().refine(isPlain).pipe(z.json());
/**
 * A key of a map, or the name of a list item. For an item that is added or removed, `after` is the name of the item
 * before it; null if there is none.
 */
const step = z.union([key, z.strictObject({ name: key, after: key.nullable().optional() })]);

/**
 * A value that a patch changes. `path` leads to it by keys and by names of list items. `before` is the previous value,
 * absent if there was none. `after` is the new value, null if the patch removes it.
 */
export const change = z.strictObject({ path: z.array(step).min(1), before: json.optional(), after: json });
export type Change = z.infer<typeof change>;
