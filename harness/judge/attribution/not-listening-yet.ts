import { between } from '../../model/number-words.ts';
import { epsilon } from '../evidence/connections.ts';
import { readinessProbe } from '../evidence/readiness-probe.ts';
import type { PodCauseRule } from './failure-case.ts';
import { outcomeInWords, timedOut } from './outcome.ts';
import { evidenceOf } from './pod-evidence.ts';
import { dialed } from './route.ts';
import { whichLacks } from './which-lacks.ts';

/**
 * The connection was sent to a pod whose process had never listened yet. Its node refuses such a connection, so a
 * timeout has another cause.
 */
export const notListeningYet: PodCauseRule = (failure, suspect) => {
  const { request, plan } = failure;
  const { pod, at, by } = suspect;
  if (request.status !== 0 || !dialed(request) || failure.served || timedOut(request)) return undefined;
  const [first] = pod.listening();
  if (first ? at >= first.from + epsilon : !neverListened(pod)) return undefined;
  const early = first ? `${between(at, Math.max(at, first.from))} before it listened` : 'and never listened';
  const probe = readinessProbe(plan) ? '' : `; ${whichLacks(plan.workload, 'readiness')} has no readiness probe`;
  return {
    cause: 'not-listening-yet',
    pod: pod.name,
    podBy: by,
    words: `${outcomeInWords(request)}: pod ${pod.name} was routed to ${early}${probe}`,
    evidence: () => evidenceOf(failure, suspect),
  };
};

/** Whether the pod has a log without a `listen` line. A missing log proves nothing. */
const neverListened = ({ log }: Parameters<PodCauseRule>[1]['pod']): boolean => log.length > 0;
