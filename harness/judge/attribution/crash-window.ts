import { between } from '../../model/number-words.ts';
import type { PodCauseRule } from './failure-case.ts';
import { listenerEndFor, whenInWords } from './listener-end.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';
import { dialed, mayHaveBeenServed } from './route.ts';

/** The container had crashed and did not listen again yet. */
export const crashWindow: PodCauseRule = (failure, suspect) => {
  const { request } = failure;
  const { pod, at, by } = suspect;
  if (request.status !== 0 || !dialed(request) || mayHaveBeenServed(failure, suspect)) return undefined;
  const end = listenerEndFor(request, suspect);
  // The node still refuses connections to the pod, so a request without any answer has another cause.
  if (end?.terminated !== false || (end.logged && timedOut(request))) return undefined;
  const again =
    end.again === undefined ? 'and did not listen again' : `and listened again after ${between(end.at, end.again)}`;
  return {
    cause: 'crash-window',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} ${whenInWords(end, at)}, was not being terminated, ${again}`,
    evidence: () => evidenceOf(failure, suspect),
  };
};
