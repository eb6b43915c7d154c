import type { Witness } from './witness.ts';

export type PreemptionPlan = {
  readonly node: string;
  readonly cpu: string;
  /** The pods of the workload that must be preempted. */
  readonly pods: readonly string[];
  readonly preemptor: string;
};

/** The scheduler reported that each pod was preempted, each pod is gone, and the preemptor was scheduled. */
export const preempted: Witness<PreemptionPlan> = (observed, { pods, preemptor, node }, { since }) => {
  const left = pods.filter((pod) => !observed.hasEvent(pod, 'Preempted', since) || !observed.gone.has(pod));
  if (pods.length === 0 || left.length > 0)
    return { waitingFor: `${left.join(', ') || 'pods'} to be preempted and gone` };
  if (!observed.hasEvent(preemptor, 'Scheduled', since)) return { waitingFor: `${preemptor} to be scheduled` };
  return { saw: `${pods.join(', ')} preempted on ${node} by ${preemptor}` };
};
