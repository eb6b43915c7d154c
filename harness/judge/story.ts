import type { ArmStory, PodLane, Span } from '../model/finding.ts';
import { type Micros, microsToMs, msToMicros } from '../model/units.ts';
import { longestSilence, worstShare } from './checks/outage.ts';
import { clusterStoryOf } from './cluster-story.ts';
import { type ArmEvidence, bucketMs, zeroOf } from './evidence/arm-evidence.ts';
import type { PodHistory } from './timeline/pod-history.ts';

/** What the reports draw of an arm. */
export function storyOf(evidence: ArmEvidence): ArmStory {
  const { plan, phases, buckets, timeline } = evidence;
  const silence = longestSilence(evidence);
  return {
    zero: zeroOf(evidence),
    phases,
    bucketMs,
    buckets: plan.traffic ? buckets : [],
    ...(silence && { silence }),
    ...worstWindow(evidence),
    ...clusterStoryOf(evidence),
    pods: podLanes(evidence),
    readyEndpoints: timeline.endpoints.sets.map(({ at, ready, terminating }) => ({
      at,
      ready: ready.length,
      terminating,
    })),
  };
}

function worstWindow(evidence: ArmEvidence): Pick<ArmStory, 'worstWindow'> {
  const { expect } = evidence.plan;
  if (expect.kind !== 'bounded-loss') return {};
  const { share, from } = worstShare(evidence, expect.windowMs);
  return share === 0 ? {} : { worstWindow: { from, to: from + msToMicros(expect.windowMs), share } };
}

/** In the order in which they were first seen. */
const podLanes = (evidence: ArmEvidence): PodLane[] =>
  [...evidence.timeline.pods.values()]
    .sort((one, other) => (one.seen ?? Number.POSITIVE_INFINITY) - (other.seen ?? Number.POSITIVE_INFINITY))
    .map((pod) => podLane(pod, evidence));

function podLane(pod: PodHistory, { connections, phases }: ArmEvidence): PodLane {
  const routed = pod.ip === '' ? undefined : connections.routed.get(pod.ip);
  const spans = pod.listening();
  const [first] = spans;
  const last = spans.at(-1);
  const [sigterm, exit] = [pod.logged('sigterm'), pod.logged('exit')];
  // Before the traffic began nobody could be too early.
  const isNew = first !== undefined && first.from > phases.warmup.from;
  return {
    pod: pod.name,
    node: pod.node,
    version: pod.version,
    bar: pod.bar.spans(),
    endpoint: pod.endpoint.spans(),
    listening: spans.map(
      ({ from, to }): Span<'listening'> => ({ state: 'listening', from, ...(to !== undefined && { to }) }),
    ),
    ...(sigterm !== undefined && { sigterm }),
    ...(exit !== undefined && { exit }),
    ...(routed && { firstRouted: routed.first, lastRouted: routed.last }),
    ...(routed &&
      endedInTime(last?.to, phases.tail.to) && { closeMarginMs: microsToMs((last?.to ?? 0) - routed.last) }),
    ...(routed && isNew && { listenMarginMs: microsToMs(routed.first - first.from) }),
  };
}

/** What ends after the tail is the arm being taken down. */
const endedInTime = (ended: Micros | undefined, end: Micros): boolean => ended !== undefined && ended < end;
