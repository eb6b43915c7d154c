import { msToMicros } from '../../model/units.ts';
import { epsilon } from '../evidence/connections.ts';
import { between } from '../words.ts';
import type { PodCauseRule } from './failure-case.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';

/** The client learns within a round trip that the connection is closed, and then opens another. */
const closeReaches = msToMicros(250);

/** A kept-alive connection was closed by its pod, which was ending, while the request was on its way. */
export const keepAliveCloseRace: PodCauseRule = (failure, suspect) => {
  const { request } = failure;
  const { pod, by } = suspect;
  if (request.status !== 0 || !request.reused || failure.served || timedOut(request)) return undefined;
  const closing = pod.log.find(({ type }) => type === 'sigterm' || type === 'close' || type === 'exit');
  if (!closing || closing.at > request.end + epsilon) return undefined;
  const ended = pod.endedAfter(closing.at);
  if (ended && ended.at + closeReaches < request.start) return undefined;
  const what = closing.type === 'sigterm' ? 'got SIGTERM' : closing.type === 'close' ? 'closed its listener' : 'exited';
  return {
    cause: 'keep-alive-close-race',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} ${what} ${between(closing.at, request.end)} before, and closed the kept-alive connection while the request was on its way`,
    evidence: () => evidenceOf(failure, suspect),
  };
};
