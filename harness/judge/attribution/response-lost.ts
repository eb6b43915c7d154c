import { between } from '../../model/number-words.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import { epsilon } from '../evidence/connections.ts';
import type { CauseRule, FailureCase } from './failure-case.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';

/** A client that runs notices a timeout much sooner: within 130 ms on a machine with ten of these clients. */
const noticesWithin: Micros = msToMicros(250);

/** Whether the client noticed its timeout late. Then it was paused and cannot tell whether an answer came meanwhile. */
const clientStoodStill = ({ plan, request }: FailureCase): boolean =>
  timedOut(request) &&
  plan.traffic !== null &&
  request.end - request.start > msToMicros(plan.traffic.timeoutMs) + noticesWithin;

/**
 * The pod’s log has the end of the request, well before the client gave up. A pod logs it even if the connection
 * breaks.
 */
export const responseLost: CauseRule = (failure) => {
  const { request, served, timeline, route } = failure;
  if (request.status !== 0 || served?.end === undefined || clientStoodStill(failure)) return undefined;
  // A pod also logs the end of a request whose client has given up.
  if (timedOut(request) && served.end > request.end - 2 * epsilon) return undefined;
  const pod = timeline.pod(served.pod, served.start);
  const by = route.kind === 'pod' && route.pod === pod ? route.by : 'inferred';
  const { end } = served;
  const when = end <= request.end ? `${between(end, request.end)} before` : 'at that moment';
  return {
    cause: 'response-lost',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} logged its end ${when}, but no answer arrived`,
    evidence: () => [
      { at: served.start, subject: pod.name, text: `start of ${request.id} (its own log)` },
      { at: end, subject: pod.name, text: `end of ${request.id} (its own log)` },
      ...evidenceOf(failure, { pod, at: request.start, by }),
    ],
  };
};
