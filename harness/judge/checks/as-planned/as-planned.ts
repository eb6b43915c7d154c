import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import type { Check } from '../check.ts';
import { mostEvidence } from '../check.ts';
import { clusterAsPlanned } from './cluster.ts';
import { disruptionsAsPlanned } from './disruptions.ts';
import { factsAsPlanned } from './facts.ts';
import { phasesAsPlanned } from './phases.ts';
import { requestsAsPlanned } from './requests.ts';

/**
 * What ran is what was planned: phases, requests, cluster and disruptions. The plan does not contradict itself. A run
 * that differs says nothing about the workload.
 */
export const asPlanned: Check = {
  id: 'as-planned',
  ask(evidence: ArmEvidence) {
    const expected = 'phases, requests, replicas, budget and disruptions of the plan';
    const other = [
      ...phasesAsPlanned(evidence),
      ...requestsAsPlanned(evidence),
      ...factsAsPlanned(evidence),
      ...clusterAsPlanned(evidence),
      ...disruptionsAsPlanned(evidence),
    ];
    if (other.length === 0) return { verdict: 'pass', expected, measured: 'all of them' };
    const words = other.slice(0, mostEvidence).map(({ text }) => text);
    const more = other.length > words.length ? [`${other.length - words.length} more`] : [];
    const moments = other.flatMap(({ at }) => (at === undefined ? [] : [at]));
    return {
      verdict: 'inconclusive',
      expected,
      measured: [...words, ...more].join('; '),
      evidence: other,
      since: moments.length === other.length ? Math.min(...moments) : undefined,
    };
  },
};
