import { z } from 'zod';
import { gracefulEnds } from './exercising-faults.ts';
import { withValue } from './fields.ts';
import { guaranteeOf } from './guarantee.ts';
import { ownerValue, withOwnerObject } from './owner-object.ts';
import { wholeNumber } from './texts.ts';

const field = ['spec', 'template', 'spec', 'terminationGracePeriodSeconds'] as const;
const byDefault = 30;

export const grace = guaranteeOf<'grace', number>({
  name: 'grace',
  title: 'grace period',
  fact: z.int().min(0),
  input: z.int().min(0).describe('a whole number of seconds'),
  read: (objects, under) => (ownerValue(objects, under, ...field) ?? byDefault) as number,
  write: (objects, under, value) => withOwnerObject(objects, under, (owner) => withValue(owner, field, value)),
  valueOf: (input) => input,
  takenAway: () => byDefault,
  hasDefault: true,
  words: (seconds) => `grace ${seconds} s`,
  cell: (seconds) => `${seconds} s`,
  accepts: 'a whole number of seconds from 1 to 600',
  parse: (text) => wholeNumber(text, 1, 600),
  // Not memory-pressure: its evictions have a grace period of their own.
  typed: String,
  exercisedBy: gracefulEnds,
});
