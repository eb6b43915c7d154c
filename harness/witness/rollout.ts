import type { Witness } from './witness.ts';

/** `oldPods` are those that must be gone before the rollout counts as done. */
export type RolloutPlan = {
  readonly deployment: string;
  /** Before it. */
  readonly generation: number;
  readonly from: string;
  readonly to: string;
  readonly oldPods: readonly string[];
};

/** Complete: the controller saw the new version, every replica has it and is available, and every old pod was seen to go. */
export const rolledOut: Witness<RolloutPlan> = (world, { deployment, generation, from, to, oldPods }) => {
  const state = world.deployments.get(deployment);
  if (!state || state.observedGeneration <= generation) return { waitingFor: 'the controller to see the new version' };
  if (state.updated < state.desired)
    return { waitingFor: `${state.updated} of ${state.desired} pods to be version ${to}` };
  if (state.available < state.desired) return { waitingFor: `${state.available} of ${state.desired} to be available` };
  const left = oldPods.filter((pod) => !world.gone.has(pod));
  if (oldPods.length === 0 || left.length > 0) return { waitingFor: `${left.join(', ') || 'old pods'} to be gone` };
  const fresh = [...world.pods.values()].filter(({ version, ready }) => version === to && ready);
  if (fresh.length < state.desired) return { waitingFor: `${fresh.length} of ${state.desired} new pods to be ready` };
  return { saw: `all ${oldPods.length} pods of version ${from} replaced by ${fresh.length} of version ${to}` };
};
