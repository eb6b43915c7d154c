import { between } from '../../model/number-words.ts';
import { epsilon, readLate } from '../evidence/connections.ts';
import { type EndpointSet, isEmpty } from '../timeline/endpoints.ts';
import type { CauseRule, FailureCase } from './failure-case.ts';
import { outcomeInWords } from './outcome.ts';
import { dialed, hadToBeSentAgain, isPatchy, mayHaveGoneAnywhere, setsAround } from './route.ts';
import { whyNoEndpoint } from './why-no-endpoint.ts';

/**
 * No connection was made, and the Service had no usable endpoint. The slices decide, not the error code: the rejection
 * is an ICMP message, which the kernel rate-limits, so most of these requests time out.
 */
export const noEndpoint: CauseRule = (failure) => {
  const { request, timeline, rules } = failure;
  if (request.status !== 0 || !dialed(request) || isPatchy(failure)) return undefined;
  if (!withoutEndpoint(failure)) return undefined;
  // The journal stamps rules when it reads them, so a rule that was gone by then disappears shortly after in the
  // record.
  if (rules.ledSomewhere(request.start - epsilon, request.start + readLate)) return undefined;
  const sets = setsAround(request, timeline);
  const empty = sets.filter(isEmpty);
  const [first] = empty;
  if (!first) return undefined;
  // If the connection may be missing, this needs a Service that had no endpoint the whole time, or rules without one.
  const allEmpty = empty.length === sets.length || rules.sentNowhere(request.start - epsilon, request.start + epsilon);
  if (mayHaveGoneAnywhere(failure) && !allEmpty) return undefined;
  const why = whyNoEndpoint(failure, first);
  return {
    cause: 'no-endpoint',
    pod: '',
    podBy: 'none',
    words: `${outcomeInWords(request)}: ${sinceWhen(first, request.start)}${why && `; ${why}`}`,
    evidence: () => [
      {
        at: first.at,
        subject: 'EndpointSlice',
        text: `no endpoint ready, none serving, ${first.terminating} terminating`,
      },
      ...sets
        .filter((set) => set.at > first.at)
        .map(({ at, ready }) => ({ at, subject: 'EndpointSlice', text: `${ready.length} ready` })),
    ],
  };
};

/**
 * Whether no endpoint was chosen for the first packet. Then conntrack has no entry; or an entry without an endpoint,
 * made while the rules were written; or only an entry of a retransmitted packet, made after the rules were back.
 */
function withoutEndpoint(failure: FailureCase): boolean {
  const { route } = failure;
  switch (route.kind) {
    case 'no-connection':
    case 'unknown':
      return true;
    case 'stranger':
      return route.ip === route.clusterIp;
    case 'pod':
      return hadToBeSentAgain(failure) === true;
    case 'old-entry':
      return false;
  }
}

const sinceWhen = ({ at }: EndpointSet, start: number): string =>
  at <= start
    ? `the Service had lost its last usable endpoint ${between(at, start)} before`
    : `the Service lost its last usable endpoint ${between(start, at)} later`;
