import type { Witness } from './witness.ts';

export type MemoryPressurePlan = {
  readonly nodes: readonly { readonly name: string }[];
  /** The pods of the workload on these nodes. */
  readonly pods: readonly string[];
};

/** Every node reports memory pressure, and a pod of the workload on them was evicted for it. */
export const underMemoryPressure: Witness<MemoryPressurePlan> = (observed, { nodes, pods }, { since }) => {
  const names = nodes.map(({ name }) => name);
  const left = names.filter((name) => !observed.nodes.get(name)?.conditions.includes('MemoryPressure'));
  if (names.length === 0 || left.length > 0)
    return { waitingFor: `${left.join(', ') || 'nodes'} to be under memory pressure` };
  const evicted = pods.filter((pod) => observed.hasEvent(pod, 'Evicted', since));
  if (evicted.length === 0) return { waitingFor: `one of ${pods.join(', ')} to be evicted by its kubelet` };
  return { saw: `${names.join(', ')} under memory pressure, and ${evicted.join(', ')} evicted` };
};
