import { type CordonPlan, cordoned } from './drain.ts';
import type { Witness } from './witness.ts';

/** `pods` are the pods of the workload that must be evicted. */
export type KubectlDrainPlan = CordonPlan & { readonly pods: readonly string[]; readonly timeLimitMs: number };

/** The nodes are cordoned, and each pod is gone. */
export const drainedByKubectl: Witness<KubectlDrainPlan> = (observed, plan, injection) => {
  const first = cordoned(observed, plan, injection);
  if ('waitingFor' in first) return first;
  const left = plan.pods.filter((pod) => !observed.gone.has(pod));
  if (plan.pods.length === 0 || left.length > 0) return { waitingFor: `${left.join(', ') || 'pods'} to be gone` };
  return { saw: `${first.saw}, and ${plan.pods.length} pods gone` };
};
