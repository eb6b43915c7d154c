import type { Disruption, Until, When } from '../model/experiment.ts';
import type { Json, Micros, Ms } from '../model/units.ts';
import { heeding, NotInTime, now, poll, sleep } from '../sys/clock.ts';
import { plannedNodes } from '../witness/planned-nodes.ts';
import { type Cluster, contextOn, faultOn, isLab } from './cluster.ts';
import type { Deeds } from './deeds.ts';
import { failpoint, killedWhileActing } from './failpoint.ts';
import { type NamespaceContext, type NamespaceFault, NoTarget, NotPossibleHere } from './fault/fault.ts';
import type { Recorder } from './recorder.ts';

interface DisruptionRun {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly deployment: string;
  readonly recorder: Recorder;
  readonly deeds: Pick<Deeds, 'intend'>;
  readonly signal: AbortSignal;
  /** The nodes that each disruption took, by its id. */
  readonly taken: Map<string, readonly string[]>;
  /** Is shown what may be recorded of each plan before anything is done, and throws where it must not be. */
  readonly approve?: (plan: Json) => Promise<void>;
}

/** The harness's own notes of a disruption. */
type Note = (step: string, more?: { readonly [key: string]: Json }) => void;

/** A disruption that does not land is no error: why is noted, and the judge says what it means. */
async function disrupt(disruption: Disruption, run: DisruptionRun): Promise<void> {
  const { id, fault: spec, limitMs } = disruption;
  const { recorder, deeds, signal, cluster, namespace, deployment, taken } = run;
  const fault = faultOn(cluster, spec.name);
  const note: Note = (step, more = {}) => recorder.record('fault', step, id, { fault: fault.name, ...more });
  const context = contextOn(cluster, {
    namespace,
    deployment,
    id,
    signal,
    nodesTakenBy: (other) => taken.get(other),
    record: (source, type, object, data) => recorder.record(source, type, object, data),
  });
  const landing = async (work: () => Promise<void>) => {
    try {
      await work();
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NotPossibleHere) note('skipped', { reason: error.message });
      else if (error instanceof NotInTime || error instanceof NoTarget) note('not-landed', { reason: error.message });
      else throw error;
      return false;
    }
  };

  let plan: Json = null;
  let recorded: Json = null;
  const planned = await landing(async () => {
    await moment(disruption.when, limitMs, run);
    failpoint(fault.name, 'before-intent');
    plan = await fault.plan(context, fault.params.parse(spec.params));
    recorded = fault.recorded.parse(plan);
  });
  if (!planned) return;
  await run.approve?.(recorded);
  await cluster.assertOurs({ signal, apiMayBeDown: false });
  const whose = isLab(cluster) ? {} : { cluster: cluster.identity };
  const deed = deeds.intend({ kind: 'inject', id, fault: fault.name, namespace, deployment, plan, ...whose });
  taken.set(id, plannedNodes(recorded));
  const since = now();
  note('intent', { plan: recorded, faithfulTo: fault.faithfulTo, silencesWatches: fault.silencesWatches ?? false });
  failpoint(fault.name, 'after-intent');
  await landing(async () => {
    await fault.inject(killedWhileActing(context, fault.name, 'mid-inject'), plan);
    note('injected');
    failpoint(fault.name, 'injected');
    note('landed', { saw: await untilLanded(fault, recorded, since, { limitMs, context, recorder }) });
    if (disruption.until) await hold(disruption.until, plannedNodes(recorded), { limitMs, run, note });
  });
  await deed.undo(signal);
  note('healed');
}

/** Waits for the moment at which a disruption is to start. */
async function moment(when: When, limitMs: Ms, { recorder, signal }: DisruptionRun): Promise<void> {
  if ('atMs' in when) return sleep(when.atMs, signal);
  if ('after' in when) await seen(recorder, when.after, when.event, limitMs, signal);
  else {
    const { readyAtMost } = when;
    await poll(
      'the moment for it',
      limitMs,
      signal,
      async () => {
        recorder.check();
        const ready = recorder.world.readyEndpoints().length;
        return ready <= readyAtMost
          ? { done: true }
          : { waitingFor: `${ready} ready endpoints to become ${readyAtMost}` };
      },
      50,
    );
  }
  await sleep(when.delayMs, signal);
}

const seen = (recorder: Recorder, id: string, event: string, limitMs: Ms, signal: AbortSignal) =>
  poll(
    'the moment for it',
    limitMs,
    signal,
    async () => {
      recorder.check();
      const { steps } = recorder;
      if (steps.has(`${id}/${event}`)) return { done: true };
      if (steps.has(`${id}/not-landed`) || steps.has(`${id}/skipped`))
        throw new NotInTime(`${id} did not land, so it was never ${event}`);
      return { waitingFor: `${id} to be ${event}` };
    },
    50,
  );

/** Asks the witness until it has seen enough. */
async function untilLanded(
  fault: NamespaceFault,
  plan: Json,
  since: Micros,
  {
    limitMs,
    context,
    recorder,
  }: { readonly limitMs: Ms; readonly context: NamespaceContext; readonly recorder: Recorder },
): Promise<string> {
  return poll(`${fault.name} ${context.id} to land`, limitMs, context.signal, async () => {
    recorder.check();
    const answer = fault.landed(recorder.world, plan, { id: context.id, since });
    return 'saw' in answer ? { done: answer.saw } : answer;
  });
}

/** Leaves a fault where it is. That nothing recovered in time is no doubt about the fault: it is what there was to see. */
async function hold(
  how: Until,
  taken: readonly string[],
  { limitMs, run, note }: { readonly limitMs: Ms; readonly run: DisruptionRun; readonly note: Note },
): Promise<void> {
  const { recorder, signal } = run;
  if ('ms' in how) return sleep(how.ms, signal);
  if ('after' in how) {
    try {
      await seen(recorder, how.after, how.event, limitMs, signal);
    } catch (error) {
      if (!(error instanceof NotInTime)) throw error;
      return note('not-held', { reason: error.message });
    }
    return sleep(how.delayMs, signal);
  }
  const recovered = poll('its end', limitMs, signal, async () => {
    recorder.check();
    // An endpoint of a node that was taken may be called ready for a while yet.
    const ready = recorder.world.readyEndpoints(taken).length;
    return ready >= how.readyAtLeast
      ? { done: true }
      : { waitingFor: `${ready} of ${how.readyAtLeast} ready endpoints` };
  });
  try {
    await recovered;
    note('recovered', how);
  } catch (error) {
    if (!(error instanceof NotInTime)) throw error;
    note('not-recovered', { reason: error.message });
  }
}

/**
 * Runs an arm's schedule: each disruption at its moment. Resolves when all of them are over; where one breaks, the others
 * are ended first, so that nothing is done any more when everything is undone.
 */
export async function runSchedule(
  disruptions: readonly Disruption[],
  run: Omit<DisruptionRun, 'taken'>,
): Promise<void> {
  const broke = new AbortController();
  const signal = AbortSignal.any([run.signal, broke.signal]);
  const taken = new Map<string, readonly string[]>();
  const all = disruptions.map((disruption) =>
    disrupt(disruption, { ...run, signal, taken }).catch((error: unknown) => broke.abort(error)),
  );
  await heeding(Promise.all(all), signal);
  signal.throwIfAborted();
}
