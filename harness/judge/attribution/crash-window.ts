import { epsilon } from '../evidence/connections.ts';
import { between } from '../words.ts';
import type { PodCauseRule } from './failure-case.ts';
import { listenerEnd } from './listener-end.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';
import { dialed } from './route.ts';

/** The container had ended by itself and did not listen again yet. */
export const crashWindow: PodCauseRule = (failure, suspect) => {
  const { request } = failure;
  const { pod, at, by } = suspect;
  if (request.status !== 0 || !dialed(request) || failure.served) return undefined;
  const end = listenerEnd(pod, timedOut(request) ? at + epsilon : request.end + epsilon);
  if (!end || end.terminated) return undefined;
  const again =
    end.again === undefined ? 'and did not listen again' : `and listened again ${between(end.at, end.again)} later`;
  return {
    cause: 'crash-window',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} ${end.how} ${between(end.at, at)} before, was not being terminated, ${again}`,
    evidence: () => evidenceOf(failure, suspect),
  };
};
