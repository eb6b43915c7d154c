import type { Request } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import { epsilon } from '../evidence/connections.ts';
import type { NodeOutage } from '../timeline/node-outages.ts';
import type { Listening, PodHistory } from '../timeline/pod-history.ts';
import { between } from '../words.ts';
import type { Suspect } from './failure-case.ts';
import { refused, timedOut } from './outcome.ts';

/** How a pod had stopped to accept connections at a moment. */
export interface ListenerEnd {
  readonly at: Micros;
  readonly how: string;
  readonly terminated: boolean;
  /** By its own log. */
  readonly logged: boolean;
  /** When it listened again. */
  readonly again?: Micros;
}

/** A watch stamps on arrival: termination may be seen this long after the pod acted on it. */
const seenLate = msToMicros(1000);

const howWords = {
  close: 'had closed its listener',
  exit: 'had exited',
  'container ended': 'was seen ended',
  'pod gone': 'was seen gone',
} as const satisfies Record<Listening['endedBy'] & string, string>;

/** The last end of its listener by a moment; undefined while it listened, before it ever did, and where nobody knows. */
export function listenerEnd(pod: PodHistory, by: Micros): ListenerEnd | undefined {
  const spans = pod.listening();
  const index = spans.findLastIndex(({ to }) => to !== undefined && to <= by);
  const end = endOf(pod, spans, index);
  if (!end) return endWithoutLog(pod, by);
  return end.again !== undefined && end.again + epsilon <= by ? undefined : end;
}

/** One that crashed, or went with its node, was over before it was terminated: nothing of it could have come in time. */
export const endedByTermination = ({ terminating }: PodHistory, ended: Micros): boolean =>
  terminating !== undefined && terminating <= ended + seenLate;

function endOf(pod: PodHistory, spans: readonly Listening[], index: number): ListenerEnd | undefined {
  const last = spans[index];
  if (last?.to === undefined || last.endedBy === undefined) return undefined;
  const terminated = endedByTermination(pod, last.to);
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
  if (timedOut(request)) return listenerEnd(pod, at + epsilon);
  const found = listenerEnd(pod, request.end + epsilon);
  if (found || !refused(request)) return found;
  const spans = pod.listening();
  const index = spans.findIndex(
    ({ from, to = 0, endedBy }) =>
      endedBy === 'container ended' && from <= at && to > request.end && to <= request.end + endSeenLate,
  );
  return endOf(pod, spans, index);
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
