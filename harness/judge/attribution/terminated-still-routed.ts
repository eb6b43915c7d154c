import { preStopSleep } from '../../model/facts.ts';
import { between } from '../../model/number-words.ts';
import type { PlannedWorkload } from '../../model/plan.ts';
import { msToMicros } from '../../model/units.ts';
import { epsilon } from '../evidence/connections.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { FailureCase, PodCauseRule } from './failure-case.ts';
import { listenerEndFor, whenInWords } from './listener-end.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';
import { dialed, mayHaveBeenServed } from './route.ts';
import { whichLacks } from './which-lacks.ts';

/** The connection was sent to a pod that was being terminated and had closed its listener. */
export const terminatedStillRouted: PodCauseRule = (failure, suspect) => {
  const { request, plan, rules } = failure;
  const { pod, at, by } = suspect;
  if (request.status !== 0 || !dialed(request) || mayHaveBeenServed(failure, suspect)) return undefined;
  const end = listenerEndFor(request, suspect);
  if (!end?.terminated) return undefined;
  // The node refuses connections while the pod’s network exists, so a timeout has another cause.
  if (timedOut(request) && !hasEnded(pod, failure)) return undefined;
  const when = `${whenInWords(end, at)}${end.at > at ? ', before it accepted it' : ''}`;
  const gone = pod.ip === '' ? undefined : rules.gone(pod.ip);
  const rule = gone !== undefined && gone > end.at ? `, ${between(end.at, gone)} before its rule left this node` : '';
  const hook = hookInWords(pod, plan.workload);
  return {
    cause: 'terminated-still-routed',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} ${when}${rule}${hook && `; ${hook}`}`,
    evidence: () => evidenceOf(failure, suspect),
  };
};

/** Whether the pod’s network is gone. It is removed with the last process or soon after, or is lost with the node. */
function hasEnded(pod: PodHistory, { request, timeline }: FailureCase): boolean {
  const by = request.start + epsilon;
  return (
    pod.log.some(({ type, at }) => type === 'exit' && at <= by) ||
    pod.ends.some(({ at }) => at <= by) ||
    (pod.gone !== undefined && pod.gone <= by) ||
    timeline.outages.during(pod.node, request.start, by) !== undefined
  );
}

/** A termination may be reported this much later than it began, in seconds. */
const seenLateSeconds = 1;

/** What happened to the preStop sleep, which a deletion without a grace period skips. Empty if it is unknown. */
function hookInWords(pod: PodHistory, workload: PlannedWorkload): string {
  const { facts, container } = workload;
  if (!Object.hasOwn(facts.preStop, container)) return `${whichLacks(workload, 'preStop')} has no preStop hook`;
  const preStopSeconds = preStopSleep(facts, container);
  if (preStopSeconds === undefined) return 'its preStop hook has no known length';
  const sigterm = pod.logged('sigterm');
  if (sigterm === undefined || pod.terminating === undefined) return '';
  const least = Math.max(preStopSeconds - seenLateSeconds, preStopSeconds / 2);
  const sleep = `its preStop sleep of ${preStopSeconds} s`;
  return sigterm - pod.terminating >= msToMicros(least * 1000)
    ? `${sleep} was over`
    : `SIGTERM did not wait for ${sleep}`;
}
