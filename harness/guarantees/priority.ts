import { z } from 'zod';
import { textAt, withValue } from './fields.ts';
import { guaranteeOf } from './guarantee.ts';
import { ownerObject, withOwnerObject } from './owner-object.ts';

const field = ['spec', 'template', 'spec', 'priorityClassName'] as const;
const className = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

export const priority = guaranteeOf<'priority', string>({
  name: 'priority',
  title: 'priority class',
  fact: z.string().min(1).nullable(),
  input: z.string().max(253).regex(className).describe('the name of a priority class'),
  read: (objects, under) => textAt(ownerObject(objects, under), ...field) ?? null,
  write: (objects, under, value) =>
    withOwnerObject(objects, under, (owner) => withValue(owner, field, value ?? undefined)),
  valueOf: (input) => input,
  takenAway: () => null,
  hasDefault: false,
  words: (name) => (name === null ? 'no priority class' : `priority class ${name}`),
  cell: (name) => name ?? 'none',
  accepts: 'the name of a priority class',
  parse: (text) => (className.test(text) ? text : undefined),
  exercisedBy: ['preemption', 'memory-pressure'],
});
