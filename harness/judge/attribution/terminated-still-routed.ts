import { epsilon } from '../evidence/connections.ts';
import { between } from '../words.ts';
import type { PodCauseRule } from './failure-case.ts';
import { listenerEnd } from './listener-end.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';
import { dialed } from './route.ts';

/** Scenario 2: the connection was sent to a pod that was terminated and had closed its listener. */
export const terminatedStillRouted: PodCauseRule = (failure, suspect) => {
  const { request, plan } = failure;
  const { pod, at, by } = suspect;
  if (request.status !== 0 || !dialed(request) || failure.served) return undefined;
  // A connection that waits to be accepted is reset when its listener closes, so it may come a little before.
  const end = listenerEnd(pod, timedOut(request) ? at + epsilon : request.end + epsilon);
  if (!end?.terminated) return undefined;
  const when =
    end.at <= at
      ? `${end.how} ${between(end.at, at)} before`
      : `${end.how.replace('had ', '')} ${between(at, end.at)} later, before it accepted it`;
  const { preStopSeconds } = plan.workload;
  const hook = preStopSeconds === 0 ? 'it has no preStop hook' : `its preStop sleep of ${preStopSeconds} s was over`;
  return {
    cause: 'terminated-still-routed',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} ${when}; ${hook}`,
    evidence: () => evidenceOf(failure, suspect),
  };
};
