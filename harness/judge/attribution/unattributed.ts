import { between, listed } from '../../model/number-words.ts';
import type { Request } from '../../model/request.ts';
import type { Micros } from '../../model/units.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Attribution, FailureCase, Suspect } from './failure-case.ts';
import { listenerEndFor, whenInWords } from './listener-end.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';

/** Says what is known and what is missing. `possible` are the explanations that the evidence cannot decide between. */
export function unattributed(failure: FailureCase, possible: readonly Attribution[]): Attribution {
  const { request, route } = failure;
  const pod = route.kind === 'pod' ? route : undefined;
  return {
    cause: 'unattributed',
    pod: pod?.pod.name ?? '',
    podBy: pod?.by ?? 'none',
    words: `${outcomeInWords(request)}: ${whatIsKnown(failure, possible)}`,
    evidence: () => (pod ? evidenceOf(failure, pod) : possible.map(({ words }) => ({ text: `possible: ${words}` }))),
  };
}

/** The attribution of a request whose times cannot be compared with other recordings. `why` says why not, in words. */
export const notComparable = (request: Request, why: string): Attribution => ({
  cause: 'unattributed',
  pod: request.pod,
  podBy: request.pod === '' ? 'none' : 'header',
  words: `${outcomeInWords(request)}: ${why}, so it cannot be compared with the other recordings`,
  evidence: () => [],
});

function whatIsKnown(failure: FailureCase, possible: readonly Attribution[]): string {
  const { request, route, served, timeline } = failure;
  if (served?.end !== undefined)
    return `pod ${served.pod} took it after ${between(request.start, Math.max(request.start, served.start))}, and worked on it for ${between(served.start, served.end)}`;
  if (served) return `pod ${served.pod} began to answer, and its process did not end before`;
  if (possible.length > 0) {
    return `the evidence fits several pods: ${listed(
      possible.map(({ pod, cause }) => `${pod} (${cause})`),
      'or',
    )}`;
  }
  switch (route.kind) {
    case 'pod':
      if (route.pod.log.length === 0) return `it went to pod ${route.pod.name}, whose log is missing`;
      if (timedOut(request) && !listened(route.pod, request.start))
        return `it went to pod ${route.pod.name}, which did not listen, and whose node would have refused it`;
      return whatIsKnownOf(failure, route);
    case 'stranger':
      if (timeline.knowsIp(route.ip))
        return `conntrack sent it to ${route.ip}, an address that several pods had one after another, and it is unknown which one it was`;
      return `conntrack sent it to ${route.ip}, which no watch knows`;
    case 'old-entry':
      return `an old entry of source port ${request.sport} sent it to ${route.pod?.name ?? route.entry.endpointIp}, which listened as far as is known`;
    case 'no-connection':
      return `conntrack saw no connection from source port ${request.sport}`;
    case 'unknown':
      if (timeline.endpoints.sets.length === 0) return 'neither connections nor endpoints were recorded';
      return 'its connection was not recorded, and no endpoint of that time explains it';
  }
}

function whatIsKnownOf({ request }: FailureCase, { pod, at }: Pick<Suspect, 'pod' | 'at'>): string {
  const end = listenerEndFor(request, { pod, at, by: 'none' });
  if (end && end.terminated === undefined)
    return `it went to pod ${pod.name}, which ${whenInWords(end, at)}, and it is unknown whether it was being terminated by then`;
  return `it went to pod ${pod.name}, which listened as far as is known`;
}

const listened = (pod: PodHistory, at: Micros): boolean =>
  pod.listening().some(({ from, to }) => from <= at && at < (to ?? Number.POSITIVE_INFINITY));
