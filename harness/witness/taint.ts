import type { Witness } from './witness.ts';

export type TaintPlan = {
  readonly nodes: readonly { readonly name: string }[];
  readonly effect: 'NoSchedule' | 'NoExecute';
  readonly key: string;
  /** The pods of the workload on these nodes. */
  readonly pods: readonly string[];
};

/** Every node has the taint. If the taint evicts pods, the pods that were there are gone. */
export const tainted: Witness<TaintPlan> = (observed, { nodes, effect, key, pods }) => {
  const names = nodes.map(({ name }) => name);
  const without = names.filter((name) => !observed.nodes.get(name)?.taints.includes(`${key}:${effect}`));
  if (names.length === 0 || without.length > 0)
    return { waitingFor: `${without.join(', ') || 'nodes'} to be tainted ${effect}` };
  if (effect === 'NoSchedule') return { saw: `${names.join(', ')} tainted ${effect}` };
  const left = pods.filter((pod) => !observed.gone.has(pod));
  if (left.length > 0) return { waitingFor: `${left.join(', ')} to be gone` };
  return { saw: `${names.join(', ')} tainted ${effect}, and ${pods.length} of their pods are gone` };
};
