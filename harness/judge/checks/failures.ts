import type { Expectation } from '../../model/experiment.ts';
import { expectationInWords } from '../../model/in-words.ts';
import { counted } from '../../model/number-words.ts';
import type { ArmPlan } from '../../model/plan.ts';
import type { Verdict } from '../../model/verdict.ts';
import { type Failure, zeroOf } from '../arm/arm-evidence.ts';
import { atLeast, atMost, type Check, orCannotDetect } from './check.ts';
import { failedRequests } from './failed-requests.ts';
import { notCountedInWords, unlessMachineCaused, whyNotCounted } from './failures-that-count.ts';
import { boundedLoss, outageAsExpected } from './outage.ts';
import { placementAsExpected } from './placement.ts';

export const cleanBaseline = atMost('clean-baseline', failedRequests({ during: ['baseline'] }), {
  limit: 0,
  expected: 'no failed request in the baseline',
  otherwise: 'inconclusive',
});

export const cleanTail = atMost('clean-tail', failedRequests({ during: ['tail'] }), {
  limit: 0,
  expected: 'no failed request in the tail',
  otherwise: 'inconclusive',
});

const unattributedShare = 0.02;

export const failuresAttributed: Check = {
  id: 'failures-attributed',
  ask(evidence) {
    const limit = Math.max(1, Math.floor(evidence.failures.length * unattributedShare));
    const { value, evidence: lines, since } = failedRequests({ of: ['unattributed'] })(evidence);
    return {
      verdict: value > limit ? 'inconclusive' : 'pass',
      expected: `at most ${limit} unattributed`,
      measured: `${value} of ${counted(evidence.failures.length, 'failed request')} unattributed`,
      ...(lines && { evidence: lines }),
      since,
    };
  },
};

const lossesCheck = 'loss-as-expected';

/** Checks the arm’s expectation. If an unprotected arm does not meet it, the experiment cannot detect the loss. */
export function lossAsExpected(plan: ArmPlan): Check {
  const check = lossesOf(plan);
  if (plan.role !== 'unprotected') return check;
  return { ...check, ask: (evidence) => orCannotDetect(check.ask(evidence), unseen[plan.expect.kind]) };
}

const unseen: { readonly [kind in Expectation['kind']]: string } = {
  'no-loss': 'difference',
  observed: 'difference',
  loss: 'loss',
  outage: 'outage',
  'bounded-loss': 'loss',
  placement: 'difference',
};

function lossesOf({ expect, role, disruptions }: ArmPlan): Check {
  const expected = expectationInWords(expect);
  // The verdict for an unmet expectation: a treatment fails, any other arm is inconclusive.
  const otherwise = role === 'treatment' ? 'fail' : 'inconclusive';
  if (expect.kind === 'observed') return observed(expected);
  if (expect.kind === 'placement')
    return unlessMachineCaused(placementAsExpected(lossesCheck, expect, otherwise), false);
  if (expect.kind === 'outage') return unlessMachineCaused(outageAsExpected(lossesCheck, expect, otherwise), true);
  if (expect.kind === 'bounded-loss') return boundedLoss(lossesCheck, expect, otherwise);
  if (expect.kind === 'loss') {
    const lost = failedRequests({ during: ['fault', 'tail'], of: expect.causes });
    return unlessMachineCaused(atLeast(lossesCheck, lost, { limit: expect.atLeast, expected, otherwise }), true);
  }
  if (role !== 'control') return protectedFromLoss(expected, disruptions.length > 0 ? otherwise : 'inconclusive');
  return atMost(lossesCheck, failedRequests({}), {
    limit: 0,
    expected,
    otherwise: 'inconclusive',
    meaning: 'The lab itself loses requests, so the run says nothing about the workload',
  });
}

const observed = (expected: string): Check => ({
  id: lossesCheck,
  ask: (evidence) => ({ verdict: 'pass', expected, measured: failedRequests({})(evidence).words }),
});

/** Failures of the generator and unattributed failures say nothing about the workload. */
const hasWorkloadCause = ({ cause }: Failure): boolean => cause !== 'generator-fault' && cause !== 'unattributed';

/**
 * One failure proves that the protection did not work if it began after the injection, has a known cause, happened
 * while the machine could measure, and the arm was clean before. Any other failure makes the arm inconclusive.
 */
const protectedFromLoss = (expected: string, otherwise: Verdict): Check => ({
  id: lossesCheck,
  ask(evidence) {
    const { words, ...found } = failedRequests({})(evidence);
    const answer = { expected, measured: words, evidence: found.evidence ?? [], since: found.since };
    if (evidence.failures.length === 0) {
      const sent = evidence.generators.some(({ total }) => total > 0);
      return sent
        ? { ...answer, verdict: 'pass' }
        : { ...answer, verdict: 'inconclusive', measured: 'no request was sent' };
    }
    const zero = zeroOf(evidence);
    const whyNot = whyNotCounted(evidence);
    const wasWell = evidence.failures.every(({ request }) => request.start >= zero);
    const shown =
      wasWell && evidence.failures.some((failure) => hasWorkloadCause(failure) && whyNot(failure) === undefined);
    if (shown) return { ...answer, verdict: otherwise };
    const because = notCountedInWords(evidence.failures, whyNot);
    return { ...answer, verdict: 'inconclusive', measured: because === '' ? words : `${words}. ${because}` };
  },
});
