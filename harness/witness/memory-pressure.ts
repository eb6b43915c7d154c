import type { Witness } from './witness.ts';

export type MemoryPressurePlan = {
  readonly nodes: readonly { readonly name: string }[];
  /** The workload's pods on those nodes. */
  readonly pods: readonly string[];
};

/** Every node says that its memory is short, and one of the workload's pods there was evicted for it. */
export const underMemoryPressure: Witness<MemoryPressurePlan> = (world, { nodes, pods }, { since }) => {
  const names = nodes.map(({ name }) => name);
  const left = names.filter((name) => !world.nodes.get(name)?.conditions.includes('MemoryPressure'));
  if (names.length === 0 || left.length > 0)
    return { waitingFor: `${left.join(', ') || 'nodes'} to be under memory pressure` };
  const evicted = pods.filter((pod) => world.saidOf(pod, 'Evicted', since));
  if (evicted.length === 0) return { waitingFor: `one of ${pods.join(', ')} to be evicted by its kubelet` };
  return { saw: `${names.join(', ')} under memory pressure, and ${evicted.join(', ')} evicted` };
};
