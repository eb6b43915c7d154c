import { z } from 'zod';
import type { Json } from '../../model/units.ts';
import { isPrototypeKey } from './allowed.ts';

export const isFields = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether no key in a value could lead to what all objects share. */
const isPlain = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.every(isPlain)
    : !isFields(value) || Object.entries(value).every(([key, item]) => !isPrototypeKey(key) && isPlain(item));

const key = z.string().refine((name) => !isPrototypeKey(name));
/** zod leaves out a key `__proto__`, so keys are looked at before. */
const json: z.ZodType<Json> = z.unknown().refine(isPlain).pipe(z.json());
/** A key of a map, or the name of a list item; for one that comes or goes also that of the item before it, if it has one. */
const step = z.union([key, z.strictObject({ name: key, after: key.nullable().optional() })]);

/**
 * A value that a patch changes: where it is, by keys and by names of list items; what was there, left out if there was
 * nothing; and what is put there, where null takes it away.
 */
export const change = z.strictObject({ path: z.array(step).min(1), before: json.optional(), after: json });
export type Change = z.infer<typeof change>;
