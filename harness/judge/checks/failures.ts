import { causes } from '../../model/cause.ts';
import type { Expectation, Role } from '../../model/experiment.ts';
import type { ArmEvidence } from '../evidence/arm-evidence.ts';
import { counted, listed } from '../words.ts';
import { type Answer, atMost, type Check } from './check.ts';
import { byCauseInWords, failedRequests, selected } from './failed-requests.ts';

export const wellBefore = atMost('it was well before the fault', failedRequests({ during: ['baseline'] }), {
  limit: 0,
  expected: 'no failed request in the baseline',
  otherwise: 'inconclusive',
});

export const wellAfter = atMost('it was well after the fault', failedRequests({ during: ['tail'] }), {
  limit: 0,
  expected: 'no failed request in the tail',
  otherwise: 'inconclusive',
});

const unattributedShare = 0.02;

export const everyFailureHasACause: Check = {
  name: 'every failure has a cause',
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

export const expectedInWords = (expect: Expectation): string =>
  expect.kind === 'no-loss'
    ? 'no failed request'
    : `at least ${counted(expect.atLeast, 'failed request')}: ${listed(
        expect.causes.map((cause) => causes[cause].name),
        'or',
      )}`;

/** The arm lost what it must lose, or nothing. */
export const losses: Check = {
  name: 'losses are as expected',
  ask: (evidence) =>
    evidence.plan.expect.kind === 'no-loss'
      ? noLoss(evidence, evidence.plan.role)
      : loss(evidence, evidence.plan.expect),
};

/**
 * A failure that the generator made itself, or from before the fault, does not show that protection failed; a failure
 * in an arm without a fault shows that the lab is not quiet. None of them is a pass.
 */
function noLoss(evidence: ArmEvidence, role: Role): Answer {
  const { failures, plan } = evidence;
  const { words, evidence: lines, since } = failedRequests({})(evidence);
  const answer = { expected: expectedInWords(plan.expect), measured: words, ...(lines && { evidence: lines }), since };
  if (failures.length === 0) return { ...answer, verdict: 'pass' };
  if (role === 'control') {
    return {
      ...answer,
      verdict: 'inconclusive',
      measured: `${words}. The lab is not quiet; nothing about the workload is shown`,
    };
  }
  const shown = selected(evidence, { during: ['fault', 'tail'] }).some(({ cause }) => cause !== 'generator-fault');
  return { ...answer, verdict: shown ? 'fail' : 'inconclusive' };
}

function loss(evidence: ArmEvidence, expect: Extract<Expectation, { kind: 'loss' }>): Answer {
  const { value, evidence: lines } = failedRequests({ during: ['fault', 'tail'], of: expect.causes })(evidence);
  const all = evidence.failures.length > 0 ? ` (${byCauseInWords(evidence.failures)})` : '';
  const seen = value >= expect.atLeast;
  const measured = `${counted(value, 'failed request')} of these causes${all}`;
  return {
    verdict: seen ? 'pass' : 'inconclusive',
    expected: expectedInWords(expect),
    measured: seen ? measured : `${measured}. This experiment could not see the loss`,
    ...(lines && { evidence: lines }),
  };
}
