import { msToMicros } from '../../model/units.ts';
import { between } from '../../model/words.ts';
import { epsilon } from '../evidence/connections.ts';
import type { CauseRule } from './failure-case.ts';
import { outageOf } from './node-down.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';
import { whyItEnded } from './why-it-ended.ts';

/** A container's end that only the pod watch saw is stamped late: kubelet relists every second, then tells the API. */
const seenLate = msToMicros(2000);

/** Its pod's log has its start and not its end, and the process ended. */
export const killedInFlight: CauseRule = (failure) => {
  const { request, served, serverLog, timeline, route } = failure;
  if (request.status >= 400 || !served || served.end !== undefined) return undefined;
  // In a log that is not whole an end may be missing, too.
  if (!serverLog.isWhole(served.pod)) return undefined;
  const pod = timeline.pod(served.pod, served.start);
  const ended = pod.endedAfter(served.start);
  // A kill breaks a connection and does not time it out: one after the client gave up is not why.
  const slack = timedOut(request) ? -epsilon : ended?.by === 'exited' ? epsilon : seenLate;
  if (!ended || ended.at > request.end + slack) return undefined;
  // What ended with its node was not killed alone.
  if (ended.by !== 'exited' && outageOf(failure, pod)) return undefined;
  const by = route.kind === 'pod' && route.pod === pod ? route.by : 'inferred';
  return {
    cause: 'killed-in-flight',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} began to answer and ${ended.by} ${between(served.start, ended.at)} later, ${whyItEnded(failure, pod, ended.at)}`,
    evidence: () => [
      { at: served.start, text: `${pod.name}: start of ${request.id}, and no end (its own log)` },
      ...evidenceOf(failure, { pod, at: request.start, by }),
    ],
  };
};
