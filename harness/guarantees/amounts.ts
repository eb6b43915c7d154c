import { z } from 'zod';
import type { Amount } from '../model/facts.ts';

/** The schema of a number of pods or a percentage. */
export const amount: z.ZodType<Amount> = z.union([
  z.int().min(0),
  z.string().regex(/^\d{1,9}%$/, 'expected a whole number or a percentage such as 25%'),
]);

/** Reads a text such as `1` or `25%`. Undefined if it is no amount. */
export function amountOf(text: string): Amount | undefined {
  if (/^\d{1,3}%$/.test(text)) return text;
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
