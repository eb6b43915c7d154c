import { counted } from '../model/number-words.ts';
import type { Owner } from '../model/owner.ts';
import type { Micros } from '../model/units.ts';
import type { ObservedPod, ObservedState } from './observed-state.ts';
import type { Witness } from './witness.ts';

/** `oldPods` must be gone before the rollout is complete. */
export type RolloutPlan = {
  readonly owner: Owner;
  /** The generation before the rollout. */
  readonly generation: number;
  /** The revision before the rollout, which is that of `oldPods`. */
  readonly from: string;
  readonly oldPods: readonly string[];
};

const notSeen = (observed: ObservedState, { owner, generation }: RolloutPlan): boolean =>
  (observed.owners[owner.kind].get(owner.name)?.observedGeneration ?? 0) <= generation;

/** Whether the pod that had this name before the rollout is gone. A StatefulSet gives the name to the next pod. */
function isGone({ gone, pods }: ObservedState, name: string, since: Micros): boolean {
  const at = gone.get(name);
  return at !== undefined && (at >= since || !pods.has(name));
}

const goneOf = (observed: ObservedState, { oldPods }: RolloutPlan, since: Micros): string[] =>
  oldPods.filter((name) => isGone(observed, name, since));

/** The existing pods, by name, without the old ones. */
const newPodsOf = (observed: ObservedState, { oldPods }: RolloutPlan, since: Micros): [string, ObservedPod][] =>
  [...observed.pods].filter(([name]) => !oldPods.includes(name) || isGone(observed, name, since));

const ofRevision = (revision: string): string => (revision === '' ? '' : ` of revision ${revision}`);

/** The revision of these pods in words; empty if it is unknown, or not the same for all. */
function revisionInWords(pods: readonly ObservedPod[]): string {
  const [revision = '', ...others] = new Set(pods.map((pod) => pod.revision));
  return others.length === 0 ? ofRevision(revision) : '';
}

/**
 * The rollout is complete: the controller has observed the new template, every replica is made from it and is
 * available, and every old pod is gone.
 */
export const rolledOut: Witness<RolloutPlan> = (observed, plan, { since }) => {
  const { owner, from, oldPods } = plan;
  const state = observed.owners[owner.kind].get(owner.name);
  if (!state || notSeen(observed, plan)) return { waitingFor: 'the controller to observe the new template' };
  const { desired, updated, replicas, available } = state;
  if (updated < desired) return { waitingFor: `${updated} of ${desired} pods to be made from the new template` };
  if (replicas > updated)
    return { waitingFor: `${counted(replicas - updated, 'pod')} of other templates to be removed` };
  if (available < desired) return { waitingFor: `${available} of ${desired} to be available` };
  const gone = goneOf(observed, plan, since);
  const left = oldPods.filter((name) => !gone.includes(name));
  if (oldPods.length === 0 || left.length > 0) return { waitingFor: `${left.join(', ') || 'old pods'} to be gone` };
  const fresh = newPodsOf(observed, plan, since).flatMap(([, pod]) => (pod.ready && !pod.terminating ? [pod] : []));
  if (fresh.length < desired) return { waitingFor: `${fresh.length} of ${desired} new pods to be ready` };
  return {
    saw: `all ${oldPods.length} pods${ofRevision(from)} replaced by ${fresh.length}${revisionInWords(fresh)}`,
  };
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
  if (notSeen(observed, plan)) return { waitingFor: 'the controller to observe the new template' };
  const unscheduled = newPodsOf(observed, plan, injection.since).filter(
    ([name, { node, phase }]) => node === '' && phase === 'Pending' && observed.hasEvent(name, 'FailedScheduling'),
  );
  if (unscheduled.length === 0) return { waitingFor: 'a new pod to be unschedulable' };
  const gone = goneOf(observed, plan, injection.since);
  if (plan.oldPods.length === 0 || gone.length > 0)
    return { waitingFor: `every old pod to stay; gone: ${gone.join(', ') || 'no old pod is known'}` };
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
  if (notSeen(observed, plan)) return { waitingFor: 'the controller to observe the new template' };
  const refused = newPodsOf(observed, plan, injection.since).filter(
    ([name, { phase, ready }]) =>
      phase === 'Running' && !ready && observed.hasEvent(name, 'Unhealthy', injection.since),
  );
  if (refused.length === 0) return { waitingFor: 'a new pod to fail its readiness probe' };
  const revision = revisionInWords(refused.map(([, pod]) => pod));
  return {
    saw: `${refused.map(([name]) => name).join(', ')}${revision} runs, and fails its readiness probe`,
  };
};
