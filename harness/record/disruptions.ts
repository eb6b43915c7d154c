import type { Disruption, Until, When } from '../model/experiment.ts';
import type { Owner } from '../model/owner.ts';
import type { Json, Micros, Ms } from '../model/units.ts';
import { abortable, NotInTime, now, poll, sleep } from '../sys/clock.ts';
import { plannedNodes } from '../witness/planned-nodes.ts';
import { type Cluster, contextOn, faultOn, isLab } from './fault/cluster.ts';
import { type NamespaceContext, type NamespaceFault, NoTarget, NotPossibleHere } from './fault/fault.ts';
import type { Recorder } from './observe/recorder.ts';
import type { ActionLog } from './undo/action-log.ts';
import { failpoint, killedWhileActing } from './undo/failpoint.ts';

interface DisruptionRun {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** The owner of the pods under test. */
  readonly owner: Owner;
  readonly recorder: Recorder;
  readonly actions: Pick<ActionLog, 'begin'>;
  readonly signal: AbortSignal;
  /** The nodes that each disruption has chosen so far, by its id. */
  readonly taken: Map<string, readonly string[]>;
  /** Called with the recordable part of each plan before the injection. Throws if the injection must not happen. */
  readonly approve?: (plan: Json) => Promise<void>;
}

/** Records a step of a disruption. */
type Note = (step: string, more?: { readonly [key: string]: Json }) => void;

/**
 * A disruption that does not take effect is not an error here: the reason is recorded, and the judge decides what it
 * means.
 */
async function disrupt(disruption: Disruption, run: DisruptionRun): Promise<void> {
  const { id, fault: spec, limitMs } = disruption;
  const { recorder, actions, signal, cluster, namespace, owner, taken } = run;
  const fault = faultOn(cluster, spec.name);
  const note: Note = (step, more = {}) => recorder.record('fault', step, id, { fault: fault.name, ...more });
  const context = contextOn(cluster, {
    namespace,
    owner,
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
    await waitForStart(disruption.when, limitMs, run);
    failpoint(fault.name, 'before-intent');
    plan = await fault.plan(context, fault.params.parse(spec.params));
    recorded = fault.recorded.parse(plan);
  });
  if (!planned) return;
  await run.approve?.(recorded);
  await cluster.assertOurs({ signal, apiMayBeDown: false });
  const whose = isLab(cluster) ? {} : { cluster: cluster.identity };
  const action = actions.begin({ kind: 'inject', id, fault: fault.name, namespace, owner, plan, ...whose });
  taken.set(id, plannedNodes(recorded));
  const since = now();
  note('intent', { plan: recorded, faithfulTo: fault.standsFor, silencesWatches: fault.silencesWatches ?? false });
  failpoint(fault.name, 'after-intent');
  await landing(async () => {
    await fault.inject(killedWhileActing(context, fault.name, 'mid-inject'), plan);
    note('injected');
    failpoint(fault.name, 'injected');
    note('landed', { saw: await untilLanded(fault, recorded, since, { limitMs, context, recorder }) });
    if (disruption.until) await hold(disruption.until, plannedNodes(recorded), { limitMs, run, note });
  });
  await action.undo(signal);
  note('healed');
}

/** Waits until a disruption must start. */
async function waitForStart(when: When, limitMs: Ms, { recorder, signal }: DisruptionRun): Promise<void> {
  if ('atMs' in when) return sleep(when.atMs, signal);
  if ('after' in when) await untilStep(recorder, when.after, when.event, limitMs, signal);
  else {
    const { readyAtMost } = when;
    await poll(
      'the start of the disruption',
      limitMs,
      signal,
      async () => {
        recorder.check();
        const ready = recorder.observed.readyEndpoints().length;
        return ready <= readyAtMost
          ? { done: true }
          : { waitingFor: `${ready} ready endpoints to become ${readyAtMost}` };
      },
      50,
    );
  }
  await sleep(when.delayMs, signal);
}

const untilStep = (recorder: Recorder, id: string, event: string, limitMs: Ms, signal: AbortSignal) =>
  poll(
    'the start of the disruption',
    limitMs,
    signal,
    async () => {
      recorder.check();
      const { steps } = recorder;
      if (steps.has(`${id}/${event}`)) return { done: true };
      if (steps.has(`${id}/not-landed`) || steps.has(`${id}/skipped`))
        throw new NotInTime(`disruption ${id} did not take effect, so it was never ${event}`);
      return { waitingFor: `${id} to be ${event}` };
    },
    50,
  );

/** Asks the witness until it has seen that the fault took effect. Resolves to what it saw. */
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
  const words = context.id === fault.name ? fault.name : `${fault.name} ${context.id}`;
  return poll(`${words} to take effect`, limitMs, context.signal, async () => {
    recorder.check();
    const answer = fault.landed(recorder.observed, plan, { id: context.id, since });
    return 'saw' in answer ? { done: answer.saw } : answer;
  });
}

/** Keeps a fault in place. If nothing recovers within the time limit, that is a result and not an error. */
async function hold(
  how: Until,
  taken: readonly string[],
  { limitMs, run, note }: { readonly limitMs: Ms; readonly run: DisruptionRun; readonly note: Note },
): Promise<void> {
  const { recorder, signal } = run;
  if ('ms' in how) return sleep(how.ms, signal);
  if ('after' in how) {
    try {
      await untilStep(recorder, how.after, how.event, limitMs, signal);
    } catch (error) {
      if (!(error instanceof NotInTime)) throw error;
      return note('not-held', { reason: error.message });
    }
    return sleep(how.delayMs, signal);
  }
  const recovered = poll('the end of the disruption', limitMs, signal, async () => {
    recorder.check();
    // EndpointSlices may still list an endpoint on a lost node as ready for a while.
    const ready = recorder.observed.readyEndpoints(taken).length;
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
 * Runs the disruptions of an arm, each at its time. Resolves when all of them have ended. If one fails, this ends the
 * others first, so that nothing changes while everything is undone.
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
  await abortable(Promise.all(all), signal);
  signal.throwIfAborted();
}
