import type { Disruption } from '../model/experiment.ts';
import type { Json } from '../model/units.ts';
import { sleep, until } from '../sys/clock.ts';
import { faultNamed } from './fault/catalogue.ts';
import type { FaultContext } from './fault/fault.ts';
import type { Journal } from './journal.ts';
import type { Recorder } from './recorder.ts';
import type { Undo } from './undo.ts';

const healLimitMs = 90_000;

export interface DisruptionRun {
  readonly context: FaultContext;
  readonly recorder: Recorder;
  readonly journal: Journal;
  readonly undo: Undo;
}

/** Resolves with the disruption's outcome: whether observers saw it land. It not landing is no error: the judge says it. */
async function disrupt({ id, fault: spec, limitMs }: Disruption, run: DisruptionRun): Promise<void> {
  const { context, recorder, journal, undo } = run;
  const fault = faultNamed(spec.name);
  const plan = await fault.plan(context, spec.params);
  const note = (step: string, more: { readonly [key: string]: Json } = {}) =>
    recorder.record('fault', step, id, { fault: fault.name, ...more });

  journal.intend('inject', { id, fault: fault.name, namespace: context.namespace, plan });
  note('intent', { plan });
  undo.push(`heal ${id}`, healLimitMs, (signal) => fault.heal({ ...context, signal }, plan));
  await fault.inject(context, plan);
  note('injected');
  try {
    await until(`${fault.name} ${id} to land`, limitMs, context.signal, async () => {
      recorder.check();
      return fault.landed(recorder.world, plan);
    });
    note('landed');
  } catch (error) {
    context.signal.throwIfAborted();
    note('not-landed', { reason: String((error as Error).message) });
  }
  await fault.heal(context, plan);
  note('healed');
  journal.note('healed', { id });
}

/** Runs an arm's schedule: each disruption at its moment, or after another's event. */
export async function runSchedule(disruptions: readonly Disruption[], run: DisruptionRun): Promise<void> {
  const waiting = new Map<string, (() => void)[]>();
  const happened = new Set<string>();
  const tell = (key: string) => {
    happened.add(key);
    for (const wake of waiting.get(key) ?? []) wake();
  };
  const seen = (key: string) =>
    happened.has(key)
      ? Promise.resolve()
      : new Promise<void>((wake) => waiting.set(key, [...(waiting.get(key) ?? []), wake]));
  const unsubscribe = run.recorder.onEvent((event) => {
    if (event.source === 'fault') tell(`${event.subject}/${event.type}`);
  });
  try {
    await Promise.all(
      disruptions.map(async (disruption) => {
        const { when } = disruption;
        if ('after' in when) await seen(`${when.after}/${when.event}`);
        await sleep('after' in when ? when.delayMs : when.atMs, run.context.signal);
        await disrupt(disruption, run);
      }),
    );
  } finally {
    unsubscribe();
  }
}
