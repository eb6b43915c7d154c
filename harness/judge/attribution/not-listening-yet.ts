import { factsOf } from '../../model/facts.ts';
import { between } from '../../model/words.ts';
import { epsilon } from '../evidence/connections.ts';
import type { PodCauseRule } from './failure-case.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';
import { dialed } from './route.ts';

/**
 * Scenario 1: the connection was sent to a pod whose process did not listen yet, for the first time in its life. Its
 * kernel refuses that, so what nobody answered was lost for another reason.
 */
export const notListeningYet: PodCauseRule = (failure, suspect) => {
  const { request, plan } = failure;
  const { pod, at, by } = suspect;
  if (request.status !== 0 || !dialed(request) || failure.served || timedOut(request)) return undefined;
  const [first] = pod.listening();
  if (first ? at >= first.from + epsilon : !neverListened(pod)) return undefined;
  const early = first ? `${between(at, Math.max(at, first.from))} before it listened` : 'and never listened';
  const probe = factsOf(plan).readiness ? '' : '; it has no readiness probe';
  return {
    cause: 'not-listening-yet',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} was routed to ${early}${probe}`,
    evidence: () => evidenceOf(failure, suspect),
  };
};

/** Its log is there and holds no `listen`; a log that is missing says nothing. */
const neverListened = ({ log }: Parameters<PodCauseRule>[1]['pod']): boolean => log.length > 0;
