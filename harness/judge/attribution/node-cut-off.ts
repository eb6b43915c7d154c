import { between } from '../../model/number-words.ts';
import { epsilon } from '../evidence/connections.ts';
import type { PodCauseRule } from './failure-case.ts';
import { listenerEnd } from './listener-end.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';
import { dialed } from './route.ts';

/**
 * The pod listened and its node ran, but neither the API server nor any client could reach that node. If only the
 * kubelet is silent, the pods of the node still answer.
 */
export const nodeCutOff: PodCauseRule = (failure, suspect) => {
  const { request, timeline, answers, served, serverLog } = failure;
  const { pod, by } = suspect;
  if (!timedOut(request) || served || !serverLog.isWhole(pod.name)) return undefined;
  const silence = timeline.leases.silence(pod.node, request.start);
  if (!silence || timeline.outages.during(pod.node, silence.from, request.end)) return undefined;
  const listened = pod.listening().some(({ from }) => from + epsilon <= request.start);
  if (!listened || listenerEnd(pod, request.end)) return undefined;
  const neighbours = [...timeline.pods.values()].filter(({ node }) => node === pod.node);
  if (neighbours.some(({ name }) => answers.any(name, request.start, request.end))) return undefined;
  const lasted =
    silence.to === undefined ? 'and none after that' : `and again ${between(silence.from, silence.to)} after that`;
  return {
    cause: dialed(request) ? 'node-down' : 'lost-with-its-node',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} listened on ${pod.node}, which ran and was cut off: last contact ${between(silence.from, request.start)} before, ${lasted}`,
    evidence: () => [
      { at: silence.from, subject: pod.node, text: 'its lease was renewed for the last time (lease watch)' },
      ...evidenceOf(failure, suspect),
    ],
  };
};
