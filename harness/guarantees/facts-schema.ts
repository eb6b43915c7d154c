import { z } from 'zod';
import type { Facts, GuaranteeName } from '../model/facts.ts';
import { guarantees } from './registry.ts';

type Always = { [Name in GuaranteeName]-?: undefined extends Facts[Name] ? never : Name }[GuaranteeName];

/** The facts that all recordings have. */
const always: { readonly [name in Always]: true } = {
  replicas: true,
  strategy: true,
  readiness: true,
  preStop: true,
  grace: true,
  budget: true,
  antiAffinity: true,
};

/** The schema of the facts in a plan. Facts that only later versions know are allowed. */
export const facts: z.ZodType<Facts> = z.looseObject(
  Object.fromEntries(guarantees.map(({ name, fact }) => [name, Object.hasOwn(always, name) ? fact : fact.optional()])),
) as unknown as z.ZodType<Facts>;
