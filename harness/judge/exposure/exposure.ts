import type { ArmExposure } from '../../model/finding.ts';
import { type Micros, microsToMs } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { EndpointCounts } from '../evidence/endpoint-counts.ts';
import { readyAt, readySince, type TakenPod, takenPods } from '../evidence/taken-pods.ts';
import { plannedRate } from '../measures/planned-rate.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import { atRiskGaps, riskyTime } from './at-risk.ts';
import type { Evidence, Gap } from './gap.ts';
import { neverReachedGaps, newPodGaps } from './never-reached.ts';
import { noTurnGaps, notReusedGaps } from './reuse.ts';

export interface Exposed {
  /** Undefined if nothing disturbed the arm. */
  readonly exposure: ArmExposure | undefined;
  readonly gaps: readonly Gap[];
  /** Kept-alive connections that were not reused. A loss does not make up for them. */
  readonly notReused: readonly Gap[];
}

/** How far an arm’s disruptions met its traffic. The arm must send requests, and pods must be ready. */
export function exposed(recorded: ArmEvidence): Exposed {
  const { plan, timeline, phases } = recorded;
  const evidence = { ...recorded, counts: new EndpointCounts(timeline.endpoints.sets) };
  const since = timeline.faults.find(({ step }) => step === 'intent')?.at;
  const taken = stillTaken(evidence);
  const all = readyAt(phases.baseline.to, [...timeline.pods.values()]);
  const aimed = since === undefined ? all.map((pod) => ({ pod, at: phases.tail.to })) : taken;
  const pods = aimed.map(({ pod, at }) => ({ pod, at, gaps: gapsOf(pod, at, evidence) }));
  const gaps = [
    ...pods.flatMap((each) => each.gaps),
    ...newPods(evidence, taken, since).flatMap((pod) => newPodGaps(pod, evidence)),
    ...noTurnGaps(evidence),
  ];
  const notReused = notReusedGaps(evidence);
  if (pods.length === 0) gaps.push({ text: 'no pod was ready', remedy: 'pods that are ready before the fault' });
  if (since === undefined || plan.disruptions.length === 0) return { exposure: undefined, gaps, notReused };
  const seconds = merged(pods.map(({ at }) => ({ from: at, to: at + riskyTime })));
  const ms = seconds.reduce((sum, { from, to }) => sum + microsToMs(to - from), 0);
  const exposure = {
    pods: pods.length,
    exposed: pods.filter((each) => each.gaps.length === 0).length,
    ...(plannedRate(plan, 'kept-alive') > 0 && { connections: keptOpen(pods, evidence) }),
    requests: evidence.exposure.sentIn(seconds),
    riskyMs: Math.round(ms),
  };
  return { exposure, gaps, notReused };
}

/** Why a disrupted pod was not exposed. In an arm without a disruption: a pod that existed all the time. */
function gapsOf(pod: PodHistory, at: Micros, evidence: Evidence): Gap[] {
  const gaps = neverReachedGaps(pod, at, evidence);
  const isTaken = evidence.timeline.faults.some(({ step }) => step === 'intent');
  return isTaken && gaps.length === 0 ? atRiskGaps(pod, at, evidence) : gaps;
}

/** The kept-alive connections that were open to the pods when each was disrupted. */
const keptOpen = (pods: readonly TakenPod[], { exposure }: ArmEvidence): number =>
  pods.reduce((sum, { pod }) => sum + exposure.served(pod, 'kept-alive').ports.size, 0);

/** Logs are read after the rows. They distinguish the end of a sidecar from the end of the process that listens. */
function stillTaken({ exposure, timeline, phases }: ArmEvidence): readonly TakenPod[] {
  const now = new Set(takenPods(timeline, phases).map(({ pod }) => pod));
  return exposure.taken.filter(({ pod }) => now.has(pod));
}

/** Pods that were added after the first intent, became ready, and were not disrupted themselves. */
function newPods({ timeline }: ArmEvidence, taken: readonly TakenPod[], since: Micros | undefined): PodHistory[] {
  if (since === undefined) return [];
  const known = new Set(taken.map(({ pod }) => pod));
  return [...timeline.pods.values()].filter(
    (pod) => (pod.seen ?? 0) >= since && readySince(pod) !== undefined && !known.has(pod),
  );
}

/** Merges overlapping times. */
function merged(times: readonly { readonly from: Micros; readonly to: Micros }[]) {
  const all: { from: Micros; to: Micros }[] = [];
  for (const { from, to } of times.toSorted((one, other) => one.from - other.from)) {
    const last = all.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}
