import type { Micros } from '../model/units.ts';
import type { World } from './observed-state.ts';
import type { Witness } from './witness.ts';

export type CardPlan = { readonly nodes: readonly { readonly name: string }[] };
export type PartitionPlan = CardPlan & {
  readonly way: 'all' | 'in' | 'out' | 'api-server';
  /** Of the workload, on these nodes. Old recordings do not say. */
  readonly pods?: readonly string[];
};

/** Nodes that still report, or that the engine says do not run: those are not cut off, but gone. */
function notCutOff(world: World, names: readonly string[], since: Micros): string[] {
  const stopped = (name: string) =>
    world.containers.findLast((seen) => seen.name === name && seen.at >= since)?.state.state ?? 'running';
  return names.filter((name) => (world.nodes.get(name)?.ready ?? 'True') === 'True' || stopped(name) !== 'running');
}

const away =
  (words: string): Witness<CardPlan> =>
  (world, { nodes }, { since }) => {
    const names = nodes.map(({ name }) => name);
    const left = notCutOff(world, names, since);
    if (names.length === 0 || left.length > 0)
      return { waitingFor: `${left.join(', ') || 'a node'} to run and be not Ready` };
    return { saw: `${names.join(', ')} ${words}: running, and not Ready` };
  };

const fromAll = away('cut off');
const fromTheApiServer = away('cut off from the API server');

/** Who asks their pods directly gets no answer, but where only the way to the API server is cut. */
export const cutOff: Witness<PartitionPlan> = (world, plan, injection) => {
  const serves = plan.way === 'api-server';
  const first = (serves ? fromTheApiServer : fromAll)(world, plan, injection);
  if ('waitingFor' in first || !plan.pods) return first;
  const otherwise = plan.pods.filter((pod) => {
    const answer = world.reach.get(pod);
    return !answer || answer.at < injection.since || answer.state.answered !== serves;
  });
  if (otherwise.length > 0)
    return { waitingFor: `${otherwise.join(', ')} to ${serves ? 'answer all the same' : 'answer no more'}` };
  if (plan.pods.length === 0) return first;
  return { saw: `${first.saw}; ${plan.pods.join(', ')} ${serves ? 'answer all the same' : 'answer no more'}` };
};
export const cardDown: Witness<CardPlan> = away('without a network card');
