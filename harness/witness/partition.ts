import type { Micros } from '../model/units.ts';
import type { ObservedState } from './observed-state.ts';
import type { Witness } from './witness.ts';

export type CardPlan = { readonly nodes: readonly { readonly name: string }[] };
export type PartitionPlan = CardPlan & {
  readonly way: 'all' | 'in' | 'out' | 'api-server';
  /** The pods of the workload on these nodes. Old recordings do not have them. */
  readonly pods?: readonly string[];
};

/** Nodes that are still Ready, or that do not run according to the engine. These are not cut off. */
function notCutOff(observed: ObservedState, names: readonly string[], since: Micros): string[] {
  const stopped = (name: string) =>
    observed.containers.findLast((seen) => seen.name === name && seen.at >= since)?.state.state ?? 'running';
  return names.filter((name) => (observed.nodes.get(name)?.ready ?? 'True') === 'True' || stopped(name) !== 'running');
}

const runningNotReady =
  (words: string): Witness<CardPlan> =>
  (observed, { nodes }, { since }) => {
    const names = nodes.map(({ name }) => name);
    const left = notCutOff(observed, names, since);
    if (names.length === 0 || left.length > 0)
      return { waitingFor: `${left.join(', ') || 'a node'} to run and be not Ready` };
    return { saw: `${names.join(', ')} ${words}: running, and not Ready` };
  };

const fromAll = runningNotReady('cut off');
const fromTheApiServer = runningNotReady('cut off from the API server');

/**
 * The nodes run and are not Ready, and probes of their pods get no answer. If only the API server is unreachable, the
 * probes must be answered.
 */
export const cutOff: Witness<PartitionPlan> = (observed, plan, injection) => {
  const serves = plan.way === 'api-server';
  const first = (serves ? fromTheApiServer : fromAll)(observed, plan, injection);
  if ('waitingFor' in first || !plan.pods) return first;
  const otherwise = plan.pods.filter((pod) => {
    const answer = observed.reach.get(pod);
    return !answer || answer.at < injection.since || answer.state.answered !== serves;
  });
  if (otherwise.length > 0)
    return { waitingFor: `${otherwise.join(', ')} to ${serves ? 'keep answering' : 'stop answering'}` };
  if (plan.pods.length === 0) return first;
  return { saw: `${first.saw}; ${plan.pods.join(', ')} ${serves ? 'still answer' : 'no longer answer'}` };
};
export const cardDown: Witness<CardPlan> = runningNotReady('without a network card');
