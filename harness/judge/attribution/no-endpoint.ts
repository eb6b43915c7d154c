import { epsilon } from '../evidence/connections.ts';
import { type EndpointSet, usable } from '../timeline/endpoints.ts';
import { between } from '../words.ts';
import type { CauseRule } from './failure-case.ts';
import { outcomeInWords } from './outcome.ts';
import { dialed, ruleLag } from './route.ts';

/**
 * No connection was made, and the Service had no usable endpoint. Decided by the slices and not by the code: the
 * rejection is an ICMP message, which the kernel rate-limits, so most of these requests time out.
 */
export const noEndpoint: CauseRule = ({ request, route, timeline }) => {
  if (request.status !== 0 || !dialed(request)) return undefined;
  if (route.kind !== 'no-connection' && route.kind !== 'unknown') return undefined;
  const sets = timeline.endpoints.during(request.start - ruleLag, request.start + epsilon);
  const empty = sets.filter((set) => usable(set).length === 0);
  const [first] = empty;
  // Without conntrack only a Service that was empty all the time leaves no other explanation.
  if (!first || (route.kind === 'unknown' && empty.length < sets.length)) return undefined;
  return {
    cause: 'no-endpoint',
    pod: '',
    podBy: 'none',
    words: `${outcomeInWords(request)}: ${sinceWhen(first, request.start)}`,
    evidence: () => [
      { at: first.at, text: `EndpointSlice: no endpoint ready, none serving, ${first.terminating} terminating` },
      ...sets
        .filter((set) => set.at > first.at)
        .map(({ at, ready }) => ({ at, text: `EndpointSlice: ${ready.length} ready` })),
    ],
  };
};

const sinceWhen = ({ at }: EndpointSet, start: number): string =>
  at <= start
    ? `the Service had lost its last usable endpoint ${between(at, start)} before`
    : `the Service lost its last usable endpoint ${between(start, at)} later`;
