import type { Micros } from '../../model/units.ts';
import { between } from '../../model/words.ts';
import { slow } from '../evidence/answers.ts';
import { epsilon } from '../evidence/connections.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { CauseRule, FailureCase } from './failure-case.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';

const listenedAt = (pod: PodHistory, at: Micros): boolean =>
  pod.listening().some(({ from, to }) => from <= at + epsilon && (to === undefined || to >= at));

const half = 0.5;

/** Others that were sent to it meanwhile waited, too, and none of them was answered at once. */
function keptOthersWaiting({ request: { start, end }, served, answers }: FailureCase, { name }: PodHistory): boolean {
  const taken = Math.min(end, served?.start ?? end);
  return answers.any(name, start - (end - start), end) && !answers.anyPrompt(name, start, taken - slow);
}

/** Its pod had it in hand when the client gave up, and wrote its end only then: it was too slow. */
export const overload: CauseRule = (failure) => {
  const { request, served, timeline, route } = failure;
  if (!timedOut(request) || served?.end === undefined) return undefined;
  const { end } = served;
  if (end <= request.end - 2 * epsilon) return undefined;
  const pod = timeline.pod(served.pod, served.start);
  // One that did not listen yet when it was sent had no time to be slow in.
  if (!listenedAt(pod, request.start)) return undefined;
  // A request that came late to a pod that kept no other waiting was late on its way.
  const ownShare = (request.end - served.start) / (request.end - request.start);
  if (ownShare < half && !keptOthersWaiting(failure, pod)) return undefined;
  const by = route.kind === 'pod' && route.pod === pod ? route.by : 'inferred';
  const waited = between(request.start, Math.max(request.start, served.start));
  const worked = between(served.start, Math.max(served.start, request.end));
  return {
    cause: 'overload',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} took it after ${waited}, and had worked on it for ${worked} when the client gave up`,
    evidence: () => [
      { at: served.start, text: `${pod.name}: start of ${request.id} (its own log)` },
      { at: end, text: `${pod.name}: end of ${request.id} (its own log)` },
      ...evidenceOf(failure, { pod, at: request.start, by }),
    ],
  };
};
