import type { Witness } from './witness.ts';

/** Pods of a fault's own. */
export type StartedPlan = { readonly pods: readonly string[] };

/** The kubelet said of each that its container was started. */
export const started: Witness<StartedPlan> = (world, { pods }, { since }) => {
  const left = pods.filter((pod) => !world.saidOf(pod, 'Started', since));
  if (pods.length === 0 || left.length > 0) return { waitingFor: `${left.join(', ') || 'a pod'} to be started` };
  return { saw: `${pods.join(', ')} started` };
};
