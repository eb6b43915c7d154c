import { type EvictionsPlan, evicted } from './evictions.ts';
import type { Witness } from './witness.ts';

export type CordonPlan = { readonly nodes: readonly { readonly name: string; readonly wasCordoned: boolean }[] };

export type DrainPlan = CordonPlan & EvictionsPlan;

export const cordoned: Witness<CordonPlan> = (observed, { nodes }) => {
  const names = nodes.map(({ name }) => name);
  const left = names.filter((name) => !observed.nodes.get(name)?.unschedulable);
  if (names.length === 0 || left.length > 0) return { waitingFor: `${left.join(', ') || 'nodes'} to be cordoned` };
  return { saw: `${names.join(', ')} cordoned` };
};

/** A drain has taken effect when its nodes are cordoned and its evictions are over. */
export const drained: Witness<DrainPlan> = (observed, plan, injection) => {
  const cordons = cordoned(observed, plan, injection);
  if ('waitingFor' in cordons) return cordons;
  const evictions = evicted(observed, plan, injection);
  if ('waitingFor' in evictions) return evictions;
  const nodes = plan.nodes.map(({ name }) => name).join(', ');
  return { saw: `${nodes}${plan.finishes ? ' drained' : ''}: ${evictions.saw}` };
};
