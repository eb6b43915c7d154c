import type { Witness } from './witness.ts';

/** Pods of a fault's own. */
export type StartedPlan = { readonly pods: readonly string[] };

/** The kubelet said of each that its container was started. */
export const started: Witness<StartedPlan> = (world, { pods }, { since }) => {
  const left = pods.filter(
    (pod) =>
      !world.kubernetesEvents.some(
        ({ subject, at, state }) => subject === pod && at >= since && state.reason === 'Started',
      ),
  );
  if (pods.length === 0 || left.length > 0) return { waitingFor: `${left.join(', ') || 'a pod'} to be started` };
  return { saw: `${pods.join(', ')} started` };
};
