import { between } from '../../model/number-words.ts';
import { msToMicros } from '../../model/units.ts';
import { epsilon } from '../evidence/connections.ts';
import type { PodCauseRule } from './failure-case.ts';
import { endSeenLate } from './listener-end.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';

/** A client learns of a closed connection within a round trip. It then opens a new one. */
const closeReaches = msToMicros(250);

/** A pod that was shutting down closed a kept-alive connection while the request was in transit. */
export const keepAliveCloseRace: PodCauseRule = (failure, suspect) => {
  const { request } = failure;
  const { pod, by } = suspect;
  if (request.status !== 0 || !request.reused || failure.served || timedOut(request)) return undefined;
  if (!failure.serverLog.isWhole(pod.name)) return undefined;
  const closing = pod.log.find(({ type }) => type === 'sigterm' || type === 'close' || type === 'exit');
  const seen = closing && closing.at <= request.end + epsilon ? closing : undefined;
  if (!seen) return endedUnder(failure, suspect);
  const ended = pod.endedAfter(seen.at);
  if (ended && ended.at + closeReaches < request.start) return undefined;
  const what = seen.type === 'sigterm' ? 'got SIGTERM' : seen.type === 'close' ? 'closed its listener' : 'exited';
  return {
    cause: 'keep-alive-close-race',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} ${what} ${between(seen.at, request.end)} before, and closed the kept-alive connection while the request was on its way`,
    evidence: () => evidenceOf(failure, suspect),
  };
};

/** The same if the process had no time to log its end: the pod watch saw its container end soon after. */
const endedUnder: PodCauseRule = (failure, suspect) => {
  const { request } = failure;
  const { pod, by } = suspect;
  const end = pod.ends.find(({ at }) => at >= request.start && at <= request.end + endSeenLate);
  if (!end) return undefined;
  return {
    cause: 'keep-alive-close-race',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} was seen ended ${between(request.end, end.at)} later, and its kept-alive connection broke while the request was on its way`,
    evidence: () => evidenceOf(failure, suspect),
  };
};
