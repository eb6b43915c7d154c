import type { ArmPlan } from '../../../model/plan.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import type { Check } from '../check.ts';
import { mostEvidence } from '../check.ts';
import { connectionsAgree } from './connections.ts';
import { identitiesAgree } from './identities.ts';
import { logsAgree } from './logs.ts';
import { lostNodesAreSilent } from './lost-nodes.ts';
import { readyPodsAgree } from './ready-pods.ts';
import { rowConnectionsAgree } from './row-connections.ts';
import { rowsInTime } from './rows.ts';
import { uidsAgree } from './uids.ts';
import { watchesAlive } from './watches.ts';

/** Requests, connections, pod logs and watches agree. Everything that each of them recorded is compared. */
export const witnessesAgree = ({ traffic }: Pick<ArmPlan, 'traffic'>): Check => ({
  id: 'witnesses-agree',
  ask(evidence: ArmEvidence) {
    const ofRequests = traffic
      ? [rowsInTime, identitiesAgree, rowConnectionsAgree, connectionsAgree, logsAgree, lostNodesAreSilent]
      : [];
    const expected = traffic
      ? 'every request in its pod’s log and in conntrack, and no other; every watch alive; the same pods ready'
      : 'every watch alive, and the same pods ready';
    const doubts = [...ofRequests, uidsAgree, watchesAlive, readyPodsAgree].flatMap((compare) => compare(evidence));
    if (doubts.length === 0) return { verdict: 'pass', expected, measured: 'all of them agree' };
    const words = doubts.slice(0, mostEvidence).map(({ text }) => text);
    const more = doubts.length > words.length ? [`${doubts.length - words.length} more`] : [];
    const moments = doubts.flatMap(({ at }) => (at === undefined ? [] : [at]));
    return {
      verdict: 'inconclusive',
      expected,
      measured: [...words, ...more].join('; '),
      evidence: doubts,
      since: moments.length === doubts.length ? Math.min(...moments) : undefined,
    };
  },
});
