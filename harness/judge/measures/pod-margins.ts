import type { PodMarginKind } from '../../model/experiment.ts';
import { type Micros, type Ms, microsToMs, msToMicros } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { endedByTermination } from '../attribution/listener-end.ts';
import type { PodHistory } from '../timeline/pod-history.ts';

/** What one pod had to spare, and when it had that little. */
export interface Spare {
  readonly ms: Ms;
  readonly at: Micros;
  /** How far the true value may differ, because conntrack was read late. */
  readonly moreMs: Ms;
  readonly lessMs: Ms;
}

const spare = (
  from: Micros,
  to: Micros,
  at: Micros,
  { more = 0, less = 0 }: { readonly more?: Micros; readonly less?: Micros } = {},
): Spare => ({ ms: microsToMs(to - from), at, moreMs: microsToMs(more), lessMs: microsToMs(less) });

/**
 * The first connection to the pod in conntrack, and when it was last routed to: when its rule was removed, or its last
 * connection.
 */
export const routedTo = ({ ip }: PodHistory, { connections, rules }: ArmEvidence) => {
  const seen = ip === '' ? undefined : connections.routed.get(ip);
  return seen && { first: seen.first, last: Math.max(seen.last, rules.gone(ip) ?? 0) };
};

/** From last routed to listener closed, of a terminated pod. Pods that end after the tail end with the arm. */
export function closeMargin(pod: PodHistory, evidence: ArmEvidence): Spare | undefined {
  const routed = routedTo(pod, evidence);
  const closed = pod.listening().at(-1)?.to;
  if (!routed || closed === undefined || closed >= evidence.phases.tail.to) return undefined;
  if (!endedByTermination(pod, closed)) return undefined;
  if (evidence.rules.of(pod.ip) === 'stands') return spare(evidence.phases.tail.to, closed, closed);
  const more = Math.min(evidence.connections.lateAround(routed.last), routed.last - (evidence.rules.gone(pod.ip) ?? 0));
  return spare(routed.last, closed, closed, { more });
}

/** From listening to first routed. No request could be too early before the traffic began. */
export function listenMargin(pod: PodHistory, evidence: ArmEvidence): Spare | undefined {
  const routed = routedTo(pod, evidence);
  const listens = pod.listening()[0]?.from;
  if (!routed || listens === undefined || listens <= evidence.phases.warmup.from) return undefined;
  return spare(listens, routed.first, routed.first, { less: evidence.connections.lateAround(routed.first) });
}

/**
 * From the end of the last request to the end of the grace period, which begins with the pod’s deletion. A pod without
 * a request in that time had all of it to spare. A pod with an interrupted request has no such margin.
 */
export function graceMargin(pod: PodHistory, evidence: ArmEvidence): Spare | undefined {
  const { terminating, graceSeconds } = pod;
  const { open, lastEnd } = evidence.serverLog.served(pod.name);
  if (!shutDown(pod, evidence) || terminating === undefined || graceSeconds === undefined) return undefined;
  if (open > 0 || lastEnd === undefined) return undefined;
  const last = Math.max(lastEnd, terminating);
  return spare(last, terminating + msToMicros(graceSeconds * 1000), last);
}

/** Whether the pod was deleted while it ran, and ended before the arm was removed. */
export function shutDown(pod: PodHistory, { phases }: Pick<ArmEvidence, 'phases'>): boolean {
  const { terminating } = pod;
  if (terminating === undefined || terminating < phases.baseline.from) return false;
  const closed = pod.listening().at(-1)?.to;
  if (closed !== undefined && !endedByTermination(pod, closed)) return false;
  const ended = pod.endedAfter(terminating);
  return ended !== undefined && ended.at < phases.tail.to;
}

export const podMargins: {
  readonly [kind in PodMarginKind]: (pod: PodHistory, evidence: ArmEvidence) => Spare | undefined;
} = { close: closeMargin, listen: listenMargin, grace: graceMargin };
