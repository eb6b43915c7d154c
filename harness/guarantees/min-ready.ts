import { z } from 'zod';
import { rollouts } from './exercising-faults.ts';
import { withValue } from './fields.ts';
import { guaranteeOf } from './guarantee.ts';
import { ownerValue, withOwnerObject } from './owner-object.ts';
import { wholeNumber } from './texts.ts';

const cell = (seconds: number): string => (seconds === 0 ? 'none' : `${seconds} s`);

export const minReadySeconds = guaranteeOf<'minReadySeconds', number>({
  name: 'minReadySeconds',
  title: 'minReadySeconds',
  fact: z.int().min(0),
  input: z.int().min(0).describe('a whole number of seconds'),
  read: (objects, under) => (ownerValue(objects, under, 'spec', 'minReadySeconds') ?? 0) as number,
  write: (objects, under, value) =>
    withOwnerObject(objects, under, (owner) =>
      withValue(owner, ['spec', 'minReadySeconds'], value === 0 ? undefined : value),
    ),
  valueOf: (input) => input,
  takenAway: () => 0,
  hasDefault: false,
  words: (seconds) => (seconds === 0 ? 'no minReadySeconds' : `minReadySeconds ${seconds}`),
  cell,
  accepts: 'a whole number of seconds from 0 to 600',
  parse: (text) => wholeNumber(text, 0, 600),
  // Not recreate: only a rolling update waits until a pod is available.
  typed: String,
  exercisedBy: rollouts,
});
