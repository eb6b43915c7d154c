import { between } from '../words.ts';
import type { PodCauseRule } from './failure-case.ts';
import { listenerEndFor, whenInWords } from './listener-end.ts';
import { outcomeInWords } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';
import { dialed, mayHaveBeenServed } from './route.ts';

/** Scenario 2: the connection was sent to a pod that was terminated and had closed its listener. */
export const terminatedStillRouted: PodCauseRule = (failure, suspect) => {
  const { request, plan, rules } = failure;
  const { pod, at, by } = suspect;
  if (request.status !== 0 || !dialed(request) || mayHaveBeenServed(failure, suspect)) return undefined;
  const end = listenerEndFor(request, suspect);
  if (!end?.terminated) return undefined;
  const when = `${whenInWords(end, at)}${end.at > at ? ', before it accepted it' : ''}`;
  const gone = pod.ip === '' ? undefined : rules.gone(pod.ip);
  const rule = gone !== undefined && gone > end.at ? `, ${between(end.at, gone)} before its rule left this node` : '';
  const { preStopSeconds } = plan.workload;
  const hook = preStopSeconds === 0 ? 'it has no preStop hook' : `its preStop sleep of ${preStopSeconds} s was over`;
  return {
    cause: 'terminated-still-routed',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} ${when}${rule}; ${hook}`,
    evidence: () => evidenceOf(failure, suspect),
  };
};
