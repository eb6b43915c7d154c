import { between } from '../../model/number-words.ts';
import type { Request } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import { epsilon } from '../evidence/connections.ts';
import type { NodeOutage } from '../timeline/node-outages.ts';
import type { Listening, PodHistory } from '../timeline/pod-history.ts';
import type { Suspect } from './failure-case.ts';
import { refused, timedOut } from './outcome.ts';

/** How and when a pod stopped accepting connections. */
export interface ListenerEnd {
  readonly at: Micros;
  readonly how: string;
  /** Whether the pod was being terminated; undefined if it is unknown. */
  readonly terminated: boolean | undefined;
  /** Whether the pod’s own log shows the end. */
  readonly logged: boolean;
  /** When the pod listened again. */
  readonly again?: Micros;
}

const howWords = {
  close: 'had closed its listener',
  exit: 'had exited',
  'container ended': 'was seen ended',
  'pod gone': 'was seen gone',
} as const satisfies Record<Listening['endedBy'] & string, string>;

/**
 * The last end of the pod’s listener until `by`. Undefined while it listened, before it first listened, and if nothing
 * shows when it ended. `at` is when the connection was sent to the pod.
 */
export function listenerEnd(pod: PodHistory, by: Micros, at: Micros = by): ListenerEnd | undefined {
  const spans = pod.listening();
  const index = spans.findLastIndex(({ to }) => to !== undefined && to <= by);
  const end = endOf(pod, spans, index, at);
  if (!end) return endWithoutLog(pod, by);
  return end.again !== undefined && end.again + epsilon <= by ? undefined : end;
}

/** Whether the pod may have been deleted by then. The watch may have reported the deletion late. */
const mayBeDeleted = ({ terminating, stamps }: PodHistory, at: Micros): boolean =>
  terminating !== undefined && terminating - stamps.late(terminating) <= at;

/**
 * Whether the listener ended after the pod was deleted. After a crash, or the loss of its node, no shutdown step could
 * have helped.
 */
export const endedByTermination = (pod: PodHistory, ended: Micros): boolean =>
  askedToEnd(pod, ended) ?? mayBeDeleted(pod, ended);

/**
 * Whether the process got SIGTERM before its end because the pod was deleted, by its own log. Undefined if it got no
 * SIGTERM or if the reason is unknown. A failed probe sends SIGTERM too, but then the container is restarted.
 */
function askedToEnd(pod: PodHistory, ended: Micros): boolean | undefined {
  const began = pod.log.findLast(({ type, at }) => type === 'boot' && at < ended)?.at ?? 0;
  const sigterm = pod.log.find(({ type, at }) => type === 'sigterm' && at >= began && at <= ended)?.at;
  if (sigterm === undefined) return undefined;
  if (pod.log.some(({ type, at }) => type === 'boot' && at > ended)) return false;
  const byProbe = pod.probeKills.some((at) => at >= began && at - pod.stamps.late(at) <= sigterm);
  return !byProbe && mayBeDeleted(pod, sigterm) ? true : undefined;
}

/**
 * Whether the pod was being terminated at `at`, after its listener had ended. A process that crashed may be deleted
 * later. Undefined if the watch may have reported the deletion too late to decide.
 */
function beingTerminated(pod: PodHistory, ended: Micros, at: Micros): boolean | undefined {
  if (askedToEnd(pod, ended)) return true;
  // A boot after the deletion belongs to another pod of the same name.
  const again = pod.log.some((event) => event.type === 'boot' && event.at > ended && event.at <= at + epsilon);
  if (pod.terminating !== undefined && at >= pod.terminating) return again ? undefined : true;
  const unknown = mayBeDeleted(pod, at) || isUnexplained(pod, ended);
  return unknown ? undefined : false;
}

/** Whether it got SIGTERM and was not restarted, and no event explains the SIGTERM. */
const isUnexplained = ({ log, probeKills }: PodHistory, ended: Micros): boolean => {
  const last = log.findLast(({ type }) => type === 'boot' || type === 'sigterm');
  return last?.type === 'sigterm' && last.at <= ended && probeKills.length === 0;
};

function endOf(pod: PodHistory, spans: readonly Listening[], index: number, at: Micros): ListenerEnd | undefined {
  const last = spans[index];
  if (last?.to === undefined || last.endedBy === undefined) return undefined;
  const terminated = beingTerminated(pod, last.to, at);
  const again = spans[index + 1]?.from;
  const logged = last.endedBy === 'close' || last.endedBy === 'exit';
  const end = { at: last.to, how: howWords[last.endedBy], terminated, logged };
  return again === undefined ? end : { ...end, again };
}

/** An end that is not in the pod’s log is reported late: the kubelet relists once a second, then updates the API. */
export const endSeenLate = msToMicros(2000);

/**
 * How the listener had ended that a connection was sent to. When a listener closes, connections that wait to be
 * accepted are reset, so it may end a little after the connection was sent. A refusal proves that the pod did not
 * listen, so the end of its container may be reported even later.
 */
export function listenerEndFor(request: Request, { pod, at }: Suspect): ListenerEnd | undefined {
  // A request without any answer was sent at its start. The stamp of its conntrack entry may be late.
  if (timedOut(request)) return listenerEnd(pod, request.start + epsilon, request.start);
  const found = listenerEnd(pod, request.end + epsilon, request.start);
  if (found || !refused(request)) return found;
  const spans = pod.listening();
  const index = spans.findIndex(
    ({ from, to = 0, endedBy }) =>
      endedBy === 'container ended' && from <= at && to > request.end && to <= request.end + endSeenLate,
  );
  return endOf(pod, spans, index, request.start);
}

/** `had closed its listener 0.41 s before`, or `closed its listener 0.41 s later` if the end is after `at`. */
export function whenInWords({ at: ended, how }: ListenerEnd, at: Micros): string {
  return ended <= at ? `${how} ${between(ended, at)} before` : `${how.replace('had ', '')} ${between(at, ended)} later`;
}

function endWithoutLog(pod: PodHistory, by: Micros): ListenerEnd | undefined {
  if (pod.log.length > 0 || pod.gone === undefined || pod.gone > by) return undefined;
  return { at: pod.gone, how: howWords['pod gone'], terminated: pod.terminating !== undefined, logged: false };
}

/**
 * Whether the pod’s own log shows that it did not listen before its node went off. Then the node is not the cause. A
 * process that a power cut ended logs nothing. The engine reports the outage late, but a refusal proves that the node’s
 * kernel still ran, and a pod that was being terminated would not have listened again.
 */
export function hadNoListener(request: Request, pod: PodHistory, outage: NodeOutage): boolean {
  const ran = request.start < (refused(request) ? outage.from : outage.earliest - epsilon);
  const end = listenerEnd(pod, request.start + epsilon);
  if (end) return end.logged && end.at < outage.from && (end.terminated || ran);
  const [first] = pod.listening();
  return ran && pod.log.length > 0 && (first === undefined || request.start + epsilon < first.from);
}
