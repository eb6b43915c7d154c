import type { Micros } from '../../model/units.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import { listed } from '../words.ts';
import type { Attribution, FailureCase } from './failure-case.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';

/** Says what is known and what is missing. `possible` are the explanations between which nothing decides. */
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

function whatIsKnown({ request, route, served, timeline }: FailureCase, possible: readonly Attribution[]): string {
  if (served) return `pod ${served.pod} began to answer, and its process did not end`;
  if (possible.length > 0) {
    return `nothing tells between ${listed(
      possible.map(({ pod, cause }) => `${pod} (${cause})`),
      'or',
    )}`;
  }
  switch (route.kind) {
    case 'pod':
      if (route.pod.log.length === 0) return `it went to pod ${route.pod.name}, whose log is missing`;
      if (timedOut(request) && !listened(route.pod, request.start))
        return `it went to pod ${route.pod.name}, which did not listen, and whose node would have refused it`;
      return `it went to pod ${route.pod.name}, which listened as far as is known`;
    case 'stranger':
      return `conntrack sent it to ${route.ip}, which no watch knows`;
    case 'old-entry':
      return `an old entry of source port ${request.sport} sent it to ${route.pod?.name ?? route.entry.endpointIp}, which listened as far as is known`;
    case 'no-connection':
      return `conntrack saw no connection from source port ${request.sport}`;
    case 'unknown':
      if (timeline.endpoints.sets.length === 0) return 'neither connections nor endpoints were recorded';
      return 'its connection was not recorded, and no endpoint of that moment explains it';
  }
}

const listened = (pod: PodHistory, at: Micros): boolean =>
  pod.listening().some(({ from, to }) => from <= at && at < (to ?? Number.POSITIVE_INFINITY));
