import { type Micros, msToMicros } from '../../model/units.ts';
import { epsilon } from '../evidence/connections.ts';
import type { Listening, PodHistory } from '../timeline/pod-history.ts';

/** How a pod had stopped to accept connections at a moment. */
export interface ListenerEnd {
  readonly at: Micros;
  readonly how: string;
  readonly terminated: boolean;
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
  const last = spans[index];
  if (last?.to === undefined || last.endedBy === undefined) return endWithoutLog(pod, by);
  const again = spans[index + 1]?.from;
  if (again !== undefined && again + epsilon <= by) return undefined;
  const terminated = pod.terminating !== undefined && pod.terminating <= last.to + seenLate;
  const end = { at: last.to, how: howWords[last.endedBy], terminated };
  return again === undefined ? end : { ...end, again };
}

function endWithoutLog(pod: PodHistory, by: Micros): ListenerEnd | undefined {
  if (pod.log.length > 0 || pod.gone === undefined || pod.gone > by) return undefined;
  return { at: pod.gone, how: howWords['pod gone'], terminated: pod.terminating !== undefined };
}
