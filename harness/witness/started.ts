import type { Witness } from './witness.ts';

/** Pods that the fault creates. */
export type StartedPlan = { readonly pods: readonly string[] };

/** The kubelet reported that the container of each pod was started. */
export const started: Witness<StartedPlan> = (observed, { pods }, { since }) => {
  const left = pods.filter((pod) => !observed.hasEvent(pod, 'Started', since));
  if (pods.length === 0 || left.length > 0) return { waitingFor: `${left.join(', ') || 'a pod'} to be started` };
  return { saw: `${pods.join(', ')} started` };
};
