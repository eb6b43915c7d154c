import { between } from '../../model/number-words.ts';
import { msToMicros } from '../../model/units.ts';
import { epsilon } from '../evidence/connections.ts';
import type { CauseRule } from './failure-case.ts';
import { outageOf } from './node-down.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';
import { whyItEnded } from './why-it-ended.ts';

/** The pod watch reports the end of a container late: the kubelet relists every second, then updates the API. */
const seenLate = msToMicros(2000);

/** The pod’s log has the start of the request and not its end, and the process ended. */
export const killedInFlight: CauseRule = (failure) => {
  const { request, served, serverLog, timeline, route } = failure;
  if (request.status >= 400 || !served || served.end !== undefined) return undefined;
  // If lines of a log are missing, the end of the request may be among them.
  if (!serverLog.isWhole(served.pod)) return undefined;
  const pod = timeline.pod(served.pod, served.start);
  const ended = pod.endedAfter(served.start);
  // A kill breaks a connection and causes no timeout. So a kill after the client gave up is not the cause.
  const slack = timedOut(request) ? -epsilon : ended?.by === 'exited' ? epsilon : seenLate;
  if (!ended || ended.at > request.end + slack) return undefined;
  // A process that ended because of its node is not killed in flight.
  if (ended.by !== 'exited' && outageOf(failure, pod)) return undefined;
  const by = route.kind === 'pod' && route.pod === pod ? route.by : 'inferred';
  return {
    cause: 'killed-in-flight',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} began to answer and ${ended.by} ${between(served.start, ended.at)} later, ${whyItEnded(failure, pod, ended.at)}`,
    evidence: () => [
      { at: served.start, subject: pod.name, text: `start of ${request.id}, and no end (its own log)` },
      ...evidenceOf(failure, { pod, at: request.start, by }),
    ],
  };
};
