import { between } from '../../model/number-words.ts';
import type { Micros } from '../../model/units.ts';
import { slow } from '../evidence/answers.ts';
import { epsilon } from '../evidence/connections.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { CauseRule, FailureCase } from './failure-case.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';

const listenedAt = (pod: PodHistory, at: Micros): boolean =>
  pod.listening().some(({ from, to }) => from <= at + epsilon && (to === undefined || to >= at));

const half = 0.5;

/** Whether other requests to the pod at that time waited too, and none was answered promptly. */
function keptOthersWaiting({ request: { start, end }, served, answers }: FailureCase, { name }: PodHistory): boolean {
  const taken = Math.min(end, served?.start ?? end);
  return answers.any(name, start - (end - start), end) && !answers.anyPrompt(name, start, taken - slow);
}

/** The pod had begun the request when the client gave up and finished it only later: the pod was too slow. */
export const overload: CauseRule = (failure) => {
  const { request, served, timeline, route } = failure;
  if (!timedOut(request) || served?.end === undefined) return undefined;
  const { end } = served;
  if (end <= request.end - 2 * epsilon) return undefined;
  const pod = timeline.pod(served.pod, served.start);
  // A pod that began to listen after the request was sent had no time to be slow.
  if (!listenedAt(pod, request.start)) return undefined;
  // If a request arrived late at a pod that kept no other request waiting, it was delayed in transit.
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
      { at: served.start, subject: pod.name, text: `start of ${request.id} (its own log)` },
      { at: end, subject: pod.name, text: `end of ${request.id} (its own log)` },
      ...evidenceOf(failure, { pod, at: request.start, by }),
    ],
  };
};
