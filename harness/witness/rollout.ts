import type { Owner } from '../model/owner.ts';
import type { ObservedState } from './observed-state.ts';
import type { Witness } from './witness.ts';

/** `oldPods` must be gone before the rollout is complete. */
export type RolloutPlan = {
  readonly owner: Owner;
  /** The generation before the rollout. */
  readonly generation: number;
  readonly from: string;
  readonly to: string;
  readonly oldPods: readonly string[];
};

const notSeen = (observed: ObservedState, { owner, generation }: RolloutPlan): boolean =>
  (observed.owners[owner.kind].get(owner.name)?.observedGeneration ?? 0) <= generation;

/**
 * The rollout is complete: the controller has observed the new version, every replica has it and is available, and
 * every old pod is gone.
 */
export const rolledOut: Witness<RolloutPlan> = (observed, plan) => {
  const { owner, from, to, oldPods } = plan;
  const state = observed.owners[owner.kind].get(owner.name);
  if (!state || notSeen(observed, plan)) return { waitingFor: 'the controller to observe the new version' };
  if (state.updated < state.desired)
    return { waitingFor: `${state.updated} of ${state.desired} pods to be version ${to}` };
  if (state.available < state.desired) return { waitingFor: `${state.available} of ${state.desired} to be available` };
  const left = oldPods.filter((pod) => !observed.gone.has(pod));
  if (oldPods.length === 0 || left.length > 0) return { waitingFor: `${left.join(', ') || 'old pods'} to be gone` };
  const fresh = [...observed.pods.values()].filter(({ version, ready }) => version === to && ready);
  if (fresh.length < state.desired) return { waitingFor: `${fresh.length} of ${state.desired} new pods to be ready` };
  return { saw: `all ${oldPods.length} pods of version ${from} replaced by ${fresh.length} of version ${to}` };
};

export type StuckPlan = RolloutPlan & {
  /**
   * Whether the rollout must complete. If false, a new pod must stay unschedulable until the time limit. Old recordings
   * do not have it.
   */
  readonly finishes?: boolean;
  readonly timeLimitMs: number;
};

/**
 * The rollout is complete. If it must not complete: a new pod was unschedulable until the time limit, and every old pod
 * is still there.
 */
export const rolledOutOrStuck: Witness<StuckPlan> = (observed, plan, injection) => {
  if (plan.finishes !== false) return rolledOut(observed, plan, injection);
  if (notSeen(observed, plan)) return { waitingFor: 'the controller to observe the new version' };
  const unscheduled = [...observed.pods].filter(
    ([name, { version, node, phase }]) =>
      version === plan.to && node === '' && phase === 'Pending' && observed.hasEvent(name, 'FailedScheduling'),
  );
  if (unscheduled.length === 0) return { waitingFor: 'a new pod to be unschedulable' };
  const left = plan.oldPods.filter((pod) => observed.gone.has(pod));
  if (plan.oldPods.length === 0 || left.length > 0)
    return { waitingFor: `every old pod to stay; gone: ${left.join(', ') || 'no old pod is known'}` };
  if (observed.at < injection.since + plan.timeLimitMs * 1000) return { waitingFor: 'its time limit' };
  return {
    saw: `stuck: ${unscheduled.length} new pod could not be scheduled, and all ${plan.oldPods.length} old pods are still there`,
  };
};

export type BadVersionPlan = RolloutPlan & {
  /** Whether the pods have a readiness probe, which fails for the bad version. */
  readonly probed: boolean;
};

/**
 * A pod of the bad version runs and fails its readiness probe. Without a probe, the bad version has replaced all pods.
 */
export const badVersionStands: Witness<BadVersionPlan> = (observed, plan, injection) => {
  if (!plan.probed) return rolledOut(observed, plan, injection);
  if (notSeen(observed, plan)) return { waitingFor: 'the controller to observe the new version' };
  const bad = [...observed.pods].filter(
    ([, { version, phase, ready }]) => version === plan.to && phase === 'Running' && !ready,
  );
  const refused = bad.filter(([name]) => observed.hasEvent(name, 'Unhealthy', injection.since));
  if (refused.length === 0) return { waitingFor: `a pod of version ${plan.to} to fail its readiness probe` };
  return {
    saw: `${refused.map(([name]) => name).join(', ')} of version ${plan.to} runs, and fails its readiness probe`,
  };
};
