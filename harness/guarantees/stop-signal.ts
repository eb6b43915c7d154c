import { z } from 'zod';
import { byContainer, perContainer, withContainer } from './containers.ts';
import { gracefulEnds } from './exercising-faults.ts';
import { textAt, withValue } from './fields.ts';
import { guaranteeOf } from './guarantee.ts';
import { withOwnerObject } from './owner-object.ts';

const field = ['lifecycle', 'stopSignal'] as const;
const os = ['spec', 'template', 'spec', 'os', 'name'] as const;
const signal = /^SIG[A-Z0-9+-]+$/;

const lens = byContainer<string>({
  read: (container) => textAt(container, ...field),
  write: (container, value) => withValue(container, field, value),
});

const same = (name: string): string => name;

export const stopSignal = guaranteeOf<'stopSignal', string>({
  name: 'stopSignal',
  title: 'stop signal',
  fact: z.record(z.string(), z.string()),
  input: z.string().regex(signal).describe('the name of a signal, such as SIGQUIT'),
  read: lens.read,
  write: (objects, under, values) =>
    // The API accepts a stop signal only if the operating system is named. The name stays if the signal leaves.
    withOwnerObject(lens.write(objects, under, values), under, (owner) =>
      Object.keys(values).length === 0 || textAt(owner, ...os) !== undefined ? owner : withValue(owner, os, 'linux'),
    ),
  valueOf: (input, objects, under) => withContainer(lens.read(objects, under), under.container, input),
  takenAway: () => ({}),
  hasDefault: false,
  words: (values) =>
    Object.keys(values).length === 0 ? 'no stop signal' : `stop signal ${perContainer(values, same)}`,
  cell: (values) => perContainer(values, same),
  accepts: 'the name of a signal, such as SIGQUIT',
  parse: (text) => (signal.test(text) ? text : undefined),
  exercisedBy: [...gracefulEnds, 'memory-pressure'],
});
