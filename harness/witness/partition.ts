import type { Micros } from '../model/units.ts';
import type { Witness } from './witness.ts';
import type { World } from './world.ts';

export type CardPlan = { readonly nodes: readonly { readonly name: string }[] };
export type PartitionPlan = CardPlan & {
  readonly way: 'all' | 'in' | 'out' | 'api-server';
  /** Its address. */
  readonly apiServer: string;
};

/** Nodes that still report, or that the engine says do not run: those are not cut off, but gone. */
function notCutOff(world: World, names: readonly string[], since: Micros): string[] {
  const stopped = (name: string) =>
    world.containers.findLast(({ subject, at }) => subject === name && at >= since)?.state.state ?? 'running';
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

export const cutOff: Witness<PartitionPlan> = away('cut off');
export const cardDown: Witness<CardPlan> = away('without a network card');
