import { type CordonPlan, cordoned } from './drain.ts';
import type { Witness } from './witness.ts';

/** `pods` are those of the workload that must go. */
export type KubectlDrainPlan = CordonPlan & { readonly pods: readonly string[]; readonly timeLimitMs: number };

/** Its nodes are cordoned, and each pod was seen to go. */
export const drainedByKubectl: Witness<KubectlDrainPlan> = (world, plan, injection) => {
  const first = cordoned(world, plan, injection);
  if ('waitingFor' in first) return first;
  const left = plan.pods.filter((pod) => !world.gone.has(pod));
  if (plan.pods.length === 0 || left.length > 0) return { waitingFor: `${left.join(', ') || 'pods'} to be gone` };
  return { saw: `${first.saw}, and ${plan.pods.length} pods gone` };
};
