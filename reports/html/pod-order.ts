import type { ArmStory, PodLane } from '../../harness/model/finding.ts';

/** Pods from before zero in the order of their deletion, then new pods in the order of their creation. */
export function inOrder(story: ArmStory): PodLane[] {
  const created = (lane: PodLane) => lane.bar[0]?.from ?? Number.POSITIVE_INFINITY;
  const deleted = (lane: PodLane) =>
    lane.bar.find(({ state }) => state === 'terminating')?.from ?? Number.POSITIVE_INFINITY;
  const old = story.pods.filter((lane) => created(lane) < story.zero);
  const later = story.pods.filter((lane) => created(lane) >= story.zero);
  return [...sortedBy(old, deleted), ...sortedBy(later, created)];
}

/** Compares without subtraction, because the difference of two infinities is not a number. */
const sortedBy = (lanes: readonly PodLane[], moment: (lane: PodLane) => number): PodLane[] =>
  lanes.toSorted((one, other) => (moment(one) < moment(other) ? -1 : moment(one) > moment(other) ? 1 : 0));
