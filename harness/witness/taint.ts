import type { Witness } from './witness.ts';

export type TaintPlan = {
  readonly nodes: readonly { readonly name: string }[];
  readonly effect: 'NoSchedule' | 'NoExecute';
  readonly key: string;
  /** The workload's pods on those nodes. */
  readonly pods: readonly string[];
};

/** Every node was seen with the taint; and where it drives pods away, those that were there were seen to go. */
export const tainted: Witness<TaintPlan> = (world, { nodes, effect, key, pods }) => {
  const names = nodes.map(({ name }) => name);
  const without = names.filter((name) => !world.nodes.get(name)?.taints.includes(`${key}:${effect}`));
  if (names.length === 0 || without.length > 0)
    return { waitingFor: `${without.join(', ') || 'nodes'} to be tainted ${effect}` };
  if (effect === 'NoSchedule') return { saw: `${names.join(', ')} tainted ${effect}` };
  const left = pods.filter((pod) => !world.gone.has(pod));
  if (left.length > 0) return { waitingFor: `${left.join(', ')} to be gone` };
  return { saw: `${names.join(', ')} tainted ${effect}, and ${pods.length} pods gone from there` };
};
