import type { Witness } from './witness.ts';

export type Evictee = { readonly name: string; readonly node: string; readonly namespace: string };

/**
 * `pods` are all pods to evict. `namespace` is the namespace of the workload: only its pods must be evicted
 * successfully.
 */
export type EvictionsPlan = {
  readonly namespace: string;
  readonly pods: readonly Evictee[];
  readonly retryMs: number;
  readonly timeLimitMs: number;
  readonly finishes: boolean;
};

const budgetRefuses = 429;

/**
 * Evictions are over when each pod of the workload was evicted and is gone. Evictions that must not finish are over
 * when their time limit has passed, a budget has refused one, and a pod is still there.
 */
export const evicted: Witness<EvictionsPlan> = (observed, plan, { id, since }) => {
  const own = plan.pods.filter(({ namespace }) => namespace === plan.namespace);
  const answers = observed.evictions.filter(({ at, state }) => at >= since && state.disruption === id);
  const refused = answers.filter(({ state }) => state.code === budgetRefuses);
  const staying = own.filter(({ name }) => observed.pods.has(name));
  if (!plan.finishes) {
    if (refused.length === 0) return { waitingFor: 'a budget to refuse an eviction' };
    if (observed.at < since + plan.timeLimitMs * 1000) return { waitingFor: 'its time limit' };
    if (staying.length === 0) return { waitingFor: 'a pod that cannot be evicted, but all pods are gone' };
    return { saw: `${refused.length} evictions refused, ${staying.length} of ${own.length} pods still there` };
  }
  const allowed = new Set(answers.filter(({ state }) => state.code === 201).map(({ name }) => name));
  const missing = own.filter(({ name }) => !allowed.has(name) || !observed.gone.has(name));
  if (own.length === 0 || missing.length > 0)
    return { waitingFor: `${missing.map(({ name }) => name).join(', ') || 'pods'} to be evicted and gone` };
  return { saw: `${own.length} pods evicted and gone, after ${refused.length} refusals` };
};
