import { between } from '../../model/words.ts';
import type { CauseRule } from './failure-case.ts';
import { listenerEnd } from './listener-end.ts';
import { outcomeInWords } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';

/** No rule chose its endpoint: an entry that its source port had left behind did, and that pod does not listen any more. */
export const staleConntrack: CauseRule = (failure) => {
  const { request, route } = failure;
  if (request.status !== 0 || route.kind !== 'old-entry' || !route.pod) return undefined;
  const { entry, pod } = route;
  const end = listenerEnd(pod, request.start);
  if (!end) return undefined;
  const how = `${end.how} ${between(end.at, request.start)} before`;
  return {
    cause: 'stale-conntrack',
    pod: pod.name,
    podBy: 'conntrack',
    words: `${outcomeInWords(request)}: an entry of source port ${request.sport}, ${between(entry.at, request.start)} old, sent it to pod ${pod.name}, which ${how}`,
    evidence: () => [
      {
        at: entry.at,
        text: `conntrack: ${entry.src}:${entry.sport} sent to ${entry.endpointIp} (${pod.name}), not ended since`,
      },
      ...evidenceOf(failure, { pod, at: request.start, by: 'conntrack' }),
    ],
  };
};
