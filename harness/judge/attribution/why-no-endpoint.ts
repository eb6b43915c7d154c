import { type Micros, msToMicros } from '../../model/units.ts';
import { type EndpointSet, usable } from '../timeline/endpoints.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { between, counted, listed } from '../words.ts';
import type { FailureCase } from './failure-case.ts';

/** What took a pod away is seen at most so long after the slices lost it. */
const seenLate = msToMicros(1000);

/**
 * Why the Service had no usable endpoint from a moment on: what had become of the pods that were the last ones. Empty
 * where nothing tells.
 */
export function whyNoEndpoint({ timeline, plan }: FailureCase, { at }: EndpointSet): string {
  const before = timeline.endpoints.sets.findLast((set) => set.at < at && usable(set).length > 0);
  const pods = before ? usable(before).map((name) => timeline.pod(name)) : [];
  if (pods.length === 0) return noneWasEver(timeline, at);
  const desired = [...timeline.deployments.values()].flatMap((states) => {
    const last = states.findLast((each) => each.at <= at + seenLate);
    return last ? [last.state.desired] : [];
  });
  if (desired.length > 0 && desired.every((count) => count === 0)) return 'it was scaled to 0';
  const reasons = pods.map((pod) => whyItLeft(pod, timeline, at));
  const known = [...new Set(reasons)].filter((reason) => reason !== undefined);
  if (known.length === 0) return '';
  const ended = reasons.every((reason) => reason === terminated);
  if (ended && plan.workload.strategy === 'Recreate')
    return 'a rollout with the strategy Recreate ends every old pod before it starts a new one';
  const parts = known.map((reason) => {
    const many = reasons.filter((each) => each === reason).length;
    return many === pods.length ? `${counted(many, 'pod')} ${reason}` : `${many} ${reason}`;
  });
  return `of its last ${counted(pods.length, 'pod')}, ${listed(parts)}`.replace(
    /^of its last \d+ pods?, (\d+ pods? )/,
    'its last $1',
  );
}

const terminated = 'terminated';

/** In the past tense, for one or more pods of which it is true. */
function whyItLeft(pod: PodHistory, timeline: Timeline, at: Micros): string | undefined {
  const outage = timeline.outages.during(pod.node, 0, at);
  if (outage && (outage.to === undefined || outage.to > at))
    return `on ${outage.node}, ${outage.how} ${between(outage.from, at)} before`;
  const evicted = timeline.evictions.some(
    ({ pod: name, state, at: when }) => name === pod.name && state.code === 201 && when <= at + seenLate,
  );
  if (evicted) return 'evicted';
  const ordered = timeline.kubernetesEvents.findLast(
    ({ subject, state, at: when }) =>
      subject === pod.name && when <= at + seenLate && /^(Evicted|Preempted|TaintManagerEviction)$/.test(state.reason),
  );
  if (ordered) return ordered.state.reason === 'Preempted' ? 'preempted' : 'evicted';
  if (pod.terminating !== undefined && pod.terminating <= at + seenLate) return terminated;
  const lane = pod.bar.at(at + seenLate);
  return lane === 'unready' || lane === 'starting' ? 'no longer ready' : undefined;
}

function noneWasEver(timeline: Timeline, at: Micros): string {
  const seen = [...timeline.pods.values()].filter((pod) => (pod.seen ?? Number.POSITIVE_INFINITY) <= at + seenLate);
  return seen.length > 0 && seen.every((pod) => pod.bar.spans().every(({ state }) => state !== 'ready'))
    ? `none of its ${counted(seen.length, 'pod')} had ever been ready`
    : '';
}
