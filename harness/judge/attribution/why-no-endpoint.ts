import { between, counted, listed } from '../../model/number-words.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import { type EndpointSet, usable } from '../timeline/endpoints.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { FailureCase } from './failure-case.ts';

/** The reason is reported at most this long after the slices lost the pod. */
const seenLate = msToMicros(1000);
/** Pods that left within this time before have the same reason. */
const sameReason = msToMicros(3000);

/** Why the Service had no usable endpoint from then on: what happened to the last pods. Empty if it is unknown. */
export function whyNoEndpoint({ timeline, plan }: FailureCase, { at }: EndpointSet): string {
  const last = timeline.endpoints.sets.findLast((set) => set.at < at && usable(set).length > 0);
  const sets = last ? timeline.endpoints.during(Math.min(last.at, at - sameReason), at) : [];
  const pods = [...new Set(sets.flatMap((set) => usable(set)))].map((name) => timeline.pod(name, at));
  if (pods.length === 0) return noneWasEver(timeline, at);
  const scaledToZero = timeline
    .owners()
    .some(({ states }) =>
      states.some((each) => each.state.desired === 0 && each.at >= at - sameReason && each.at <= at + seenLate),
    );
  if (scaledToZero) return 'it was scaled to 0';
  const reasons = pods.map((pod) => whyItLeft(pod, timeline, at));
  const known = [...new Set(reasons)].filter((reason) => reason !== undefined);
  if (known.length === 0) return '';
  const ended = reasons.every((reason) => reason === terminated);
  if (ended && plan.workload.facts.strategy.type === 'Recreate')
    return 'a rollout with the strategy Recreate ends every old pod before it starts a new one';
  const many = (reason: string) => reasons.filter((each) => each === reason).length;
  const parts = known.map((reason) => (many(reason) === pods.length ? reason : `${many(reason)} ${reason}`));
  return `its last ${counted(pods.length, 'pod')}: ${listed(parts)}`;
}

const terminated = 'terminated';

/** The reason in words that fit one pod and several. */
function whyItLeft(pod: PodHistory, timeline: Timeline, at: Micros): string | undefined {
  const outage = timeline.outages.during(pod.node, at, at);
  if (outage) return `on ${outage.node}, ${outage.how} ${between(outage.from, at)} before`;
  const evicted = timeline.evictions.some(
    (answer) => pod.isSubjectOf(answer) && answer.state.code === 201 && answer.at <= at + seenLate,
  );
  if (evicted) return 'evicted';
  const ordered = timeline.kubernetesEvents.findLast(
    (event) =>
      pod.isSubjectOf(event) &&
      event.at <= at + seenLate &&
      /^(Evicted|Preempted|TaintManagerEviction)$/.test(event.state.reason),
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
