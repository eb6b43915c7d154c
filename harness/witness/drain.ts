import type { Witness } from './witness.ts';
import type { World } from './world.ts';

export type CordonPlan = { readonly nodes: readonly { readonly name: string; readonly wasCordoned: boolean }[] };

/** `pods` are those of the workload that must go, `until` the moment at which a drain that is refused gives up. */
export type DrainPlan = CordonPlan & {
  readonly namespace: string;
  readonly pods: readonly { readonly name: string; readonly node: string; readonly namespace: string }[];
  readonly retryMs: number;
  readonly timeLimitMs: number;
  readonly finishes: boolean;
};

const notCordoned = (world: World, { nodes }: CordonPlan): string[] =>
  nodes.map(({ name }) => name).filter((name) => !world.nodes.get(name)?.unschedulable);

export const cordoned: Witness<CordonPlan> = (world, plan) => {
  const left = notCordoned(world, plan);
  if (plan.nodes.length === 0 || left.length > 0) return { waitingFor: `${left.join(', ') || 'nodes'} to be cordoned` };
  return { saw: `${plan.nodes.map(({ name }) => name).join(', ')} cordoned` };
};

const budgetRefuses = 429;

/**
 * A drain is over when its nodes are cordoned and each pod was allowed to go and seen gone. One that must not finish is
 * over when its time limit has passed, a budget refused, and a pod that it was to evict still stands.
 */
export const drained: Witness<DrainPlan> = (world, plan, { id, since }) => {
  const left = notCordoned(world, plan);
  if (plan.nodes.length === 0 || left.length > 0) return { waitingFor: `${left.join(', ') || 'nodes'} to be cordoned` };
  const own = plan.pods.filter(({ namespace }) => namespace === plan.namespace);
  const answers = world.evictions.filter(({ at, state }) => at >= since && state.disruption === id);
  const refused = answers.filter(({ state }) => state.code === budgetRefuses);
  const staying = own.filter(({ name }) => world.pods.has(name));
  const nodes = plan.nodes.map(({ name }) => name).join(', ');
  if (!plan.finishes) {
    if (refused.length === 0) return { waitingFor: 'a budget to refuse' };
    if (world.at < since + plan.timeLimitMs * 1000) return { waitingFor: 'its time limit' };
    if (staying.length === 0) return { waitingFor: 'a pod that it cannot evict; all went' };
    return {
      saw: `${nodes}: ${refused.length} evictions refused, ${staying.length} of ${own.length} pods still there`,
    };
  }
  const allowed = new Set(answers.filter(({ state }) => state.code === 201).map(({ subject }) => subject));
  const missing = own.filter(({ name }) => !allowed.has(name) || !world.gone.has(name));
  if (own.length === 0 || missing.length > 0)
    return { waitingFor: `${missing.map(({ name }) => name).join(', ') || 'pods'} to be evicted and gone` };
  return { saw: `${nodes} drained: ${own.length} pods evicted and gone, after ${refused.length} refusals` };
};
