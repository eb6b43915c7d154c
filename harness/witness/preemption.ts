import type { Witness } from './witness.ts';

export type PreemptionPlan = {
  readonly node: string;
  readonly cpu: string;
  /** The workload's pods whose place is needed. */
  readonly pods: readonly string[];
  readonly preemptor: string;
};

/** The scheduler said of each that it was preempted, each was seen to go, and the other has its place. */
export const preempted: Witness<PreemptionPlan> = (world, { pods, preemptor, node }, { since }) => {
  const left = pods.filter((pod) => !world.saidOf(pod, 'Preempted', since) || !world.gone.has(pod));
  if (pods.length === 0 || left.length > 0)
    return { waitingFor: `${left.join(', ') || 'pods'} to be preempted and gone` };
  if (!world.saidOf(preemptor, 'Scheduled', since)) return { waitingFor: `${preemptor} to be scheduled` };
  return { saw: `${pods.join(', ')} preempted on ${node} by ${preemptor}` };
};
