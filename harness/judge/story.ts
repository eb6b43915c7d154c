import type { ArmStory, PodLane, Span } from '../model/finding.ts';
import { msToMicros } from '../model/units.ts';
import { type ArmEvidence, zeroOf } from './arm/arm-evidence.ts';
import { worstSilence } from './checks/outage.ts';
import { clusterStoryOf } from './cluster-story.ts';
import { bucketMs } from './evidence/buckets.ts';
import { closeMargin, graceMargin, listenMargin, routedTo } from './measures/pod-margins.ts';
import type { PodHistory } from './timeline/pod-history.ts';

/** The content of an arm’s timeline in the reports. */
export function storyOf(evidence: ArmEvidence): ArmStory {
  const { plan, phases, buckets, timeline } = evidence;
  const silence = worstSilence(evidence);
  return {
    zero: zeroOf(evidence),
    phases,
    bucketMs,
    buckets: plan.traffic ? buckets.list() : [],
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

/** The window with the worst share of all requests. Bounds of single kinds of traffic are only in words. */
function worstWindow({ plan: { expect }, phases, buckets }: ArmEvidence): Pick<ArmStory, 'worstWindow'> {
  if (expect.kind !== 'bounded-loss') return {};
  const { share, from } = buckets.worstShare(phases.fault.from, expect.windowMs);
  return share === 0 ? {} : { worstWindow: { from, to: from + msToMicros(expect.windowMs), share } };
}

/** In the order in which the pods were first seen. */
const podLanes = (evidence: ArmEvidence): PodLane[] =>
  [...evidence.timeline.pods.values()]
    .sort((one, other) => (one.seen ?? Number.POSITIVE_INFINITY) - (other.seen ?? Number.POSITIVE_INFINITY))
    .map((pod) => podLane(pod, evidence));

function podLane(pod: PodHistory, evidence: ArmEvidence): PodLane {
  const routed = routedTo(pod, evidence);
  const [close, listen, grace] = [closeMargin, listenMargin, graceMargin].map((of) => of(pod, evidence));
  const spans = pod.listening();
  const [sigterm, exit] = [pod.logged('sigterm'), pod.logged('exit')];
  return {
    pod: pod.name,
    node: pod.node,
    revision: pod.revision,
    version: pod.version,
    bar: pod.bar.spans(),
    endpoint: pod.endpoint.spans(),
    listening: spans.map(
      ({ from, to }): Span<'listening'> => ({ state: 'listening', from, ...(to !== undefined && { to }) }),
    ),
    ...(sigterm !== undefined && { sigterm }),
    ...(exit !== undefined && { exit }),
    ...(routed && { firstRouted: routed.first, lastRouted: routed.last }),
    ...(close && { closeMarginMs: close.ms }),
    ...(listen && { listenMarginMs: listen.ms }),
    ...(grace && { graceMarginMs: grace.ms }),
  };
}
