import { z } from 'zod';
import { counted } from '../model/number-words.ts';
import { containerEnds, evictions, lostNodes, rollouts } from './exercising-faults.ts';
import { withValue } from './fields.ts';
import { guaranteeOf } from './guarantee.ts';
import { ownerValue, withOwnerObject } from './owner-object.ts';
import { wholeNumber } from './texts.ts';

export const replicas = guaranteeOf<'replicas', number>({
  name: 'replicas',
  title: 'replicas',
  fact: z.int().min(0),
  input: z.int().min(1).describe('a whole number of pods'),
  read: (objects, under) => (ownerValue(objects, under, 'spec', 'replicas') ?? 1) as number,
  write: (objects, under, value) =>
    withOwnerObject(objects, under, (owner) => withValue(owner, ['spec', 'replicas'], value)),
  valueOf: (input) => input,
  takenAway: () => 1,
  hasDefault: true,
  words: (value) => counted(value, 'replica'),
  cell: (value) => String(value),
  accepts: 'a whole number from 1 to 20',
  parse: (text) => wholeNumber(text, 1, 20),
  // Not those that hit all replicas alike, and not `scale`, which sets another number.
  typed: String,
  exercisedBy: [
    ...rollouts,
    ...evictions,
    ...lostNodes,
    ...containerEnds,
    'pod-delete',
    'pod-force-delete',
    'node-taint',
    'preemption',
    'memory-pressure',
    'cpu-burn',
    'network-delay',
  ],
});
