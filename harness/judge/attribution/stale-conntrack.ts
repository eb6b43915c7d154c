import { between } from '../../model/number-words.ts';
import type { CauseRule } from './failure-case.ts';
import { listenerEnd } from './listener-end.ts';
import { outcomeInWords } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';

/** No rule chose the endpoint: an old conntrack entry of the source port did, and its pod does not listen any more. */
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
        subject: 'conntrack',
        text: `${entry.src}:${entry.sport} was routed to ${entry.endpointIp} (${pod.name}), and its entry still existed`,
      },
      ...evidenceOf(failure, { pod, at: request.start, by: 'conntrack' }),
    ],
  };
};
