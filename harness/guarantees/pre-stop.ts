import { z } from 'zod';
import type { PreStop } from '../model/facts.ts';
import { byContainer, type Container, perContainer, withContainer } from './containers.ts';
import { gracefulEnds } from './exercising-faults.ts';
import { fieldsAt, listAt, valueAt, withValue } from './fields.ts';
import { guaranteeOf } from './guarantee.ts';
import { commandInWords, httpGet, httpGetInWords, plainHttpGet } from './handlers.ts';
import { json } from './json.ts';
import { wholeNumber } from './texts.ts';

const field = ['lifecycle', 'preStop'] as const;

const input = z.union([
  z.strictObject({ sleep: z.int().min(0) }),
  z.strictObject({ exec: z.array(z.string()).min(1) }),
  z.strictObject({ httpGet }),
]);
type Input = z.infer<typeof input>;

/** Undefined also for a hook that does nothing: the kubelet does not run `tcpSocket`. */
function read(container: Container): PreStop | undefined {
  const hook = fieldsAt(container, ...field);
  if (valueAt(hook, 'sleep') !== undefined) return { sleepSeconds: (valueAt(hook, 'sleep', 'seconds') ?? 0) as number };
  if (valueAt(hook, 'exec') !== undefined) return { exec: listAt(hook, 'exec', 'command') as readonly string[] };
  if (valueAt(hook, 'httpGet') !== undefined) return { httpGet: plainHttpGet(fieldsAt(hook, 'httpGet')) };
  return undefined;
}

function hookOf(value: PreStop) {
  if ('sleepSeconds' in value) return { sleep: { seconds: value.sleepSeconds } };
  return 'exec' in value ? { exec: { command: value.exec } } : value;
}

const lens = byContainer<PreStop>({
  read,
  write: (container, value) => withValue(container, field, value && hookOf(value)),
});

function inWords(value: PreStop): string {
  if ('sleepSeconds' in value) return `sleep ${value.sleepSeconds} s`;
  return 'exec' in value ? `exec ${commandInWords(value.exec)}` : httpGetInWords(value.httpGet);
}

function fromInput(own: Input): PreStop {
  if ('sleep' in own) return { sleepSeconds: own.sleep };
  return 'exec' in own ? own : { httpGet: plainHttpGet(own.httpGet) };
}

export const preStop = guaranteeOf<'preStop', Input>({
  name: 'preStop',
  title: 'preStop hook',
  fact: z.record(
    z.string(),
    z.union([
      z.strictObject({ sleepSeconds: z.int().min(0) }),
      z.strictObject({ exec: z.array(z.string()) }),
      z.strictObject({ httpGet: json }),
    ]),
  ),
  input: input.describe('{ sleep: 5 } in seconds, { exec: [command, …] } or { httpGet }'),
  ...lens,
  valueOf: (own, objects, under) => withContainer(lens.read(objects, under), under.container, fromInput(own)),
  takenAway: () => ({}),
  hasDefault: false,
  words: (values) =>
    Object.keys(values).length === 0 ? 'no preStop hook' : `preStop ${perContainer(values, inWords)}`,
  cell: (values) => perContainer(values, inWords),
  accepts: 'a sleep as a whole number of seconds from 0 to 300',
  parse(text) {
    const sleep = wholeNumber(text, 0, 300);
    return sleep === undefined ? undefined : { sleep };
  },
  // The kubelet runs hooks also for an eviction from a node without memory, but only for its grace period of 1 s.
  exercisedBy: [...gracefulEnds, 'memory-pressure'],
});
