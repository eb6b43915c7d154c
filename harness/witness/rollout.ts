import type { World } from './observed-state.ts';
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

const notSeen = (world: World, { deployment, generation }: RolloutPlan): boolean =>
  (world.deployments.get(deployment)?.observedGeneration ?? 0) <= generation;

/** Complete: the controller saw the new version, every replica has it and is available, and every old pod was seen to go. */
export const rolledOut: Witness<RolloutPlan> = (world, plan) => {
  const { deployment, from, to, oldPods } = plan;
  const state = world.deployments.get(deployment);
  if (!state || notSeen(world, plan)) return { waitingFor: 'the controller to see the new version' };
  if (state.updated < state.desired)
    return { waitingFor: `${state.updated} of ${state.desired} pods to be version ${to}` };
  if (state.available < state.desired) return { waitingFor: `${state.available} of ${state.desired} to be available` };
  const left = oldPods.filter((pod) => !world.gone.has(pod));
  if (oldPods.length === 0 || left.length > 0) return { waitingFor: `${left.join(', ') || 'old pods'} to be gone` };
  const fresh = [...world.pods.values()].filter(({ version, ready }) => version === to && ready);
  if (fresh.length < state.desired) return { waitingFor: `${fresh.length} of ${state.desired} new pods to be ready` };
  return { saw: `all ${oldPods.length} pods of version ${from} replaced by ${fresh.length} of version ${to}` };
};

export type StuckPlan = RolloutPlan & {
  /** Whether it must get to its end, or find no room for a new pod until its time limit. Old recordings do not say. */
  readonly finishes?: boolean;
  readonly timeLimitMs: number;
};

/** Complete; or, where it must not be, a new pod found no node until the time limit and every old pod still stands. */
export const rolledOutOrStuck: Witness<StuckPlan> = (world, plan, injection) => {
  if (plan.finishes !== false) return rolledOut(world, plan, injection);
  if (notSeen(world, plan)) return { waitingFor: 'the controller to see the new version' };
  const homeless = [...world.pods].filter(
    ([name, { version, node, phase }]) =>
      version === plan.to && node === '' && phase === 'Pending' && world.saidOf(name, 'FailedScheduling'),
  );
  if (homeless.length === 0) return { waitingFor: 'a new pod to find no node' };
  const left = plan.oldPods.filter((pod) => world.gone.has(pod));
  if (plan.oldPods.length === 0 || left.length > 0)
    return { waitingFor: `every old pod to stay; gone: ${left.join(', ') || 'nothing is known of them'}` };
  if (world.at < injection.since + plan.timeLimitMs * 1000) return { waitingFor: 'its time limit' };
  return { saw: `stuck: ${homeless.length} new pod found no node, and all ${plan.oldPods.length} old ones stand` };
};

export type BadVersionPlan = RolloutPlan & {
  /** Whether a readiness probe can tell that it does not work. */
  readonly probed: boolean;
};

/** It runs, and its probe says that it does not answer; or, where no probe asks, it replaced every other. */
export const badVersionStands: Witness<BadVersionPlan> = (world, plan, injection) => {
  if (!plan.probed) return rolledOut(world, plan, injection);
  if (notSeen(world, plan)) return { waitingFor: 'the controller to see the new version' };
  const bad = [...world.pods].filter(
    ([, { version, phase, ready }]) => version === plan.to && phase === 'Running' && !ready,
  );
  const refused = bad.filter(([name]) => world.saidOf(name, 'Unhealthy', injection.since));
  if (refused.length === 0) return { waitingFor: `a pod of version ${plan.to} to fail its readiness probe` };
  return {
    saw: `${refused.map(([name]) => name).join(', ')} of version ${plan.to} runs, and fails its readiness probe`,
  };
};
