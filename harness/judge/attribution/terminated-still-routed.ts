import { factsOf } from '../../model/facts.ts';
import { msToMicros } from '../../model/units.ts';
import { between } from '../../model/words.ts';
import { epsilon } from '../evidence/connections.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { FailureCase, PodCauseRule } from './failure-case.ts';
import { listenerEndFor, whenInWords } from './listener-end.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';
import { dialed, mayHaveBeenServed } from './route.ts';

/** Scenario 2: the connection was sent to a pod that was terminated and had closed its listener. */
export const terminatedStillRouted: PodCauseRule = (failure, suspect) => {
  const { request, plan, rules } = failure;
  const { pod, at, by } = suspect;
  if (request.status !== 0 || !dialed(request) || mayHaveBeenServed(failure, suspect)) return undefined;
  const end = listenerEndFor(request, suspect);
  if (!end?.terminated) return undefined;
  // The kernel refuses as long as the pod's network stands, so a time-out has another reason.
  if (timedOut(request) && !hasEnded(pod, failure)) return undefined;
  const when = `${whenInWords(end, at)}${end.at > at ? ', before it accepted it' : ''}`;
  const gone = pod.ip === '' ? undefined : rules.gone(pod.ip);
  const rule = gone !== undefined && gone > end.at ? `, ${between(end.at, gone)} before its rule left this node` : '';
  const hook = hookInWords(pod, factsOf(plan).preStopSeconds);
  return {
    cause: 'terminated-still-routed',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} ${when}${rule}${hook && `; ${hook}`}`,
    evidence: () => evidenceOf(failure, suspect),
  };
};

/** Its network goes with its last process, or soon after, or with its node. */
function hasEnded(pod: PodHistory, { request, timeline }: FailureCase): boolean {
  const by = request.start + epsilon;
  return (
    pod.log.some(({ type, at }) => type === 'exit' && at <= by) ||
    pod.ends.some(({ at }) => at <= by) ||
    (pod.gone !== undefined && pod.gone <= by) ||
    timeline.outages.during(pod.node, request.start, by) !== undefined
  );
}

/** A termination may be seen so much after it began. */
const seenLateSeconds = 1;

/** What had become of its preStop sleep, which a deletion without a grace period skips. Empty where nothing tells. */
function hookInWords(pod: PodHistory, preStopSeconds: number): string {
  if (preStopSeconds === 0) return 'it has no preStop hook';
  const sigterm = pod.logged('sigterm');
  if (sigterm === undefined || pod.terminating === undefined) return '';
  const least = Math.max(preStopSeconds - seenLateSeconds, preStopSeconds / 2);
  const sleep = `its preStop sleep of ${preStopSeconds} s`;
  return sigterm - pod.terminating >= msToMicros(least * 1000)
    ? `${sleep} was over`
    : `SIGTERM did not wait for ${sleep}`;
}
