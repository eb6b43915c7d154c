import { between } from '../../model/number-words.ts';
import { msToMicros } from '../../model/units.ts';
import { epsilon } from '../evidence/connections.ts';
import type { NodeOutage } from '../timeline/node-outages.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Attribution, CauseRule, FailureCase, PodCauseRule } from './failure-case.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';
import { dialed } from './route.ts';

/** The most time between sending a request and its line in the pod’s log. */
const onTheWay = msToMicros(250);

/** The outage of the pod’s node during the request. */
export const outageOf = ({ request, timeline }: FailureCase, pod: PodHistory): NodeOutage | undefined =>
  pod.node === '' ? undefined : timeline.outages.during(pod.node, request.start - epsilon, request.end + epsilon);

/**
 * Whether the node still ran when a request that never reached its pod’s log should have arrived. Either the outage
 * began later, allowing for late reports, or pods of that node answered later requests. Then the request was lost
 * before the outage.
 */
function ranMeanwhile(
  { request, timeline, answers, served }: FailureCase,
  { node, from, earliest }: NodeOutage,
): boolean {
  if (served) return false;
  if (earliest > request.start + onTheWay) return true;
  const pods = [...timeline.pods.values()].filter((pod) => pod.node === node);
  return pods.some(({ name }) => answers.any(name, request.start + epsilon, from));
}

const outageInWords = ({ request }: FailureCase, pod: PodHistory, { node, how, from }: NodeOutage): string => {
  const when =
    from <= request.start ? `${between(from, request.start)} before` : `${between(request.start, from)} later`;
  const grey = how === 'frozen' ? ': its kernel accepts connections, and no process answers' : '';
  return `${outcomeInWords(request)}: pod ${pod.name} was on ${node}, which was ${how} ${when}${grey}`;
};

/** The connection was sent to a pod whose node was down. */
export const nodeDown: PodCauseRule = (failure, suspect) => {
  const { request } = failure;
  const { pod, by } = suspect;
  if (request.status !== 0 || !dialed(request) || failure.served) return undefined;
  const outage = outageOf(failure, pod);
  if (!outage || ranMeanwhile(failure, outage)) return undefined;
  // If lines of its log are missing, it may have begun to answer before, or have closed its listener.
  const before = outage.from > request.start || (pod.terminating ?? outage.from) < outage.from;
  if (before && !knowsItsLife(failure, pod)) return undefined;
  return attribution('node-down', failure, outage, { pod, by });
};

/** The request was on an open connection, or was being answered, when the pod’s node went down. */
export const lostWithItsNode: CauseRule = (failure) => {
  const { request, route, served, timeline } = failure;
  if (request.status !== 0) return undefined;
  const pod =
    served && served.end === undefined
      ? timeline.pod(served.pod, served.start)
      : route.kind === 'pod'
        ? route.pod
        : undefined;
  if (!pod || (dialed(request) && !served)) return undefined;
  const outage = outageOf(failure, pod);
  if (!outage || ranMeanwhile(failure, outage) || mayHaveExited(failure, pod, outage)) return undefined;
  const by = route.kind === 'pod' && route.pod === pod ? route.by : 'inferred';
  return attribution('lost-with-its-node', failure, outage, { pod, by });
};

/** Whether the pod’s log is complete, so that what is not in it did not happen. */
const knowsItsLife = ({ serverLog }: FailureCase, { name, log }: PodHistory): boolean =>
  log.length > 0 && serverLog.isWhole(name);

/**
 * Whether the process logged its exit and the connection broke. A power cut leaves no time for a log line, and no
 * connection reset.
 */
function mayHaveExited(failure: FailureCase, pod: PodHistory, { from }: NodeOutage): boolean {
  const { request } = failure;
  if (timedOut(request)) return false;
  if (from > request.end && !knowsItsLife(failure, pod)) return true;
  const last = pod.log.findLast(({ type, at }) => (type === 'boot' || type === 'exit') && at <= request.end + epsilon);
  return last?.type === 'exit' && last.at < from;
}

function attribution(
  cause: 'node-down' | 'lost-with-its-node',
  failure: FailureCase,
  outage: NodeOutage,
  { pod, by }: { readonly pod: PodHistory; readonly by: Attribution['podBy'] },
): Attribution {
  const { request } = failure;
  return {
    cause,
    pod: pod.name,
    podBy: by,
    words: outageInWords(failure, pod, outage),
    evidence: () => [
      { at: outage.from, subject: 'engine', text: `${outage.node} ${outage.how}` },
      ...evidenceOf(failure, { pod, at: request.start, by }),
    ],
  };
}
