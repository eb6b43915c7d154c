import { z } from 'zod';
import type { Json } from '../model/units.ts';

/** The schema of any JSON. */
export const json: z.ZodType<Json> = z.json();
