import type { Request } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import { between } from '../../model/words.ts';
import { epsilon } from '../evidence/connections.ts';
import type { NodeOutage } from '../timeline/node-outages.ts';
import type { Listening, PodHistory } from '../timeline/pod-history.ts';
import type { Suspect } from './failure-case.ts';
import { refused, timedOut } from './outcome.ts';

/** How a pod had stopped to accept connections at a moment. */
export interface ListenerEnd {
  readonly at: Micros;
  readonly how: string;
  /** Whether its pod was being terminated; undefined if nothing tells. */
  readonly terminated: boolean | undefined;
  /** By its own log. */
  readonly logged: boolean;
  /** When it listened again. */
  readonly again?: Micros;
}

const howWords = {
  close: 'had closed its listener',
  exit: 'had exited',
  'container ended': 'was seen ended',
  'pod gone': 'was seen gone',
} as const satisfies Record<Listening['endedBy'] & string, string>;

/**
 * The last end of its listener by a moment; undefined while it listened, before it ever did, and if nothing tells.
 * `at`: when the connection reached for it.
 */
export function listenerEnd(pod: PodHistory, by: Micros, at: Micros = by): ListenerEnd | undefined {
  const spans = pod.listening();
  const index = spans.findLastIndex(({ to }) => to !== undefined && to <= by);
  const end = endOf(pod, spans, index, at);
  if (!end) return endWithoutLog(pod, by);
  return end.again !== undefined && end.again + epsilon <= by ? undefined : end;
}

/** Whether it may have been deleted by a moment: the watch may have seen the deletion late. */
const mayBeDeleted = ({ terminating, stamps }: PodHistory, at: Micros): boolean =>
  terminating !== undefined && terminating - stamps.late(terminating) <= at;

/** One that crashed, or went with its node, was over before it was terminated: nothing of it could have come in time. */
export const endedByTermination = (pod: PodHistory, ended: Micros): boolean =>
  askedToEnd(pod, ended) ?? mayBeDeleted(pod, ended);

/**
 * Whether its deletion is why the process got SIGTERM before its end, as its own log says; undefined if it got none, or
 * if nothing tells why. A failed probe sends one, too, and then the container is started again.
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
 * Whether its pod was being terminated at a moment after its listener had ended. A process that ended by itself may
 * have been deleted after that. Undefined if the watch may have seen the deletion too late to tell.
 */
function beingTerminated(pod: PodHistory, ended: Micros, at: Micros): boolean | undefined {
  if (askedToEnd(pod, ended)) return true;
  // What boots after a deletion is another pod of the name.
  const again = pod.log.some((event) => event.type === 'boot' && event.at > ended && event.at <= at + epsilon);
  if (pod.terminating !== undefined && at >= pod.terminating) return again ? undefined : true;
  const unknown = mayBeDeleted(pod, at) || isUnexplained(pod, ended);
  return unknown ? undefined : false;
}

/** It got SIGTERM and was not started again, and no event says why. */
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

/** The kubelet lists its containers once a second and then tells the API, so an end without a last word is seen late. */
export const endSeenLate = msToMicros(2000);

/**
 * How the listener that a connection was meant for had ended. A connection that waits to be accepted is reset when its
 * listener closes, so the end may come a little after the connection. A refusal says that nobody listened: then the end
 * of a container may be seen later.
 */
export function listenerEndFor(request: Request, { pod, at }: Suspect): ListenerEnd | undefined {
  // A request without any answer was sent at its start; a late stamp of its entry says nothing of when.
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

/** `had closed its listener 0.41 s before`, or `… later` where it was seen so. */
export function whenInWords({ at: ended, how }: ListenerEnd, at: Micros): string {
  return ended <= at ? `${how} ${between(ended, at)} before` : `${how.replace('had ', '')} ${between(at, ended)} later`;
}

function endWithoutLog(pod: PodHistory, by: Micros): ListenerEnd | undefined {
  if (pod.log.length > 0 || pod.gone === undefined || pod.gone > by) return undefined;
  return { at: pod.gone, how: howWords['pod gone'], terminated: pod.terminating !== undefined, logged: false };
}

/**
 * Whether a pod by its own log did not listen before its node went: then its node is not why. What the power cut ended
 * wrote nothing. The engine says late when that was, but a refusal says that a kernel still answered; and a pod that was
 * terminated would not have listened again.
 */
export function hadNoListener(request: Request, pod: PodHistory, outage: NodeOutage): boolean {
  const ran = request.start < (refused(request) ? outage.from : outage.earliest - epsilon);
  const end = listenerEnd(pod, request.start + epsilon);
  if (end) return end.logged && end.at < outage.from && (end.terminated || ran);
  const [first] = pod.listening();
  return ran && pod.log.length > 0 && (first === undefined || request.start + epsilon < first.from);
}
