import { z } from 'zod';
import { type ArmFile, type Recordable, recordable } from '../model/arm-file.ts';
import { armPlan } from './plan-schema.ts';

const known: ReadonlySet<string> = new Set(recordable);

/** The current schema of `arm.json`. Kinds of evidence that only a later version knows are dropped. */
export const armFile: z.ZodType<ArmFile> = z.looseObject({
  schema: z.literal('holdfast.arm/3'),
  id: z.string().nullable(),
  run: z.string().nullable(),
  experiment: z.string().nullable(),
  cluster: z.string().nullable(),
  profile: z.string().nullable(),
  recorded: z.array(z.string()).transform((names) => names.filter((name): name is Recordable => known.has(name))),
  generatorNode: z.string().nullable(),
  clocks: z.array(z.looseObject({ node: z.string(), offsetMicros: z.int(), errorMicros: z.int().nonnegative() })),
  plan: armPlan,
});
