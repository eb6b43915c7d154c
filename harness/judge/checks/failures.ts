import { causes } from '../../model/cause.ts';
import type { Expectation } from '../../model/experiment.ts';
import type { ArmPlan } from '../../model/plan.ts';
import { counted, listed } from '../words.ts';
import { atLeast, atMost, type Check } from './check.ts';
import { failedRequests, selected } from './failed-requests.ts';

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

const lossesCheck = 'losses are as expected';

/** The arm lost what it must lose, or nothing. */
export function losses({ expect, role }: ArmPlan): Check {
  const expected = expectedInWords(expect);
  if (expect.kind === 'loss') {
    return atLeast(lossesCheck, failedRequests({ during: ['fault', 'tail'], of: expect.causes }), {
      limit: expect.atLeast,
      expected,
      otherwise: 'inconclusive',
      meaning: 'This experiment could not see the loss',
    });
  }
  if (role !== 'control') return protectedFromLoss(expected);
  return atMost(lossesCheck, failedRequests({}), {
    limit: 0,
    expected,
    otherwise: 'inconclusive',
    meaning: 'The lab is not quiet; nothing about the workload is shown',
  });
}

/** A failure that the generator made itself, or from before the fault, does not show that protection failed; it costs the pass. */
const protectedFromLoss = (expected: string): Check => ({
  name: lossesCheck,
  ask(evidence) {
    const { words, ...found } = failedRequests({})(evidence);
    const answer = { expected, measured: words, evidence: found.evidence ?? [], since: found.since };
    if (evidence.failures.length === 0) return { ...answer, verdict: 'pass' };
    const shown = selected(evidence, { during: ['fault', 'tail'] }).some(({ cause }) => cause !== 'generator-fault');
    return { ...answer, verdict: shown ? 'fail' : 'inconclusive' };
  },
});
