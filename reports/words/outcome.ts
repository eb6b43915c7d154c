import type { ArmFindings } from '../../harness/model/finding.ts';
import type { Verdict } from '../../harness/model/verdict.ts';

/**
 * A verdict, or a loss in an arm that had to lose: a pass of the experiment that no one should read as “nothing
 * failed”.
 */
export type Mark = Verdict | 'lost';

export interface Outcome {
  readonly mark: Mark;
  readonly word: string;
}

/** The result of an arm, in the word that fits its role. */
export function outcome(arm: ArmFindings): Outcome {
  if (arm.verdict !== 'pass') return { mark: arm.verdict, word: arm.verdict };
  if (arm.expect.kind === 'loss' || arm.expect.kind === 'outage') return { mark: 'lost', word: 'lost, as expected' };
  if (arm.role === 'unprotected') return { mark: 'lost', word: 'as expected' };
  return { mark: 'pass', word: arm.role === 'control' ? 'clean' : 'pass' };
}

export const verdictWord: Record<Verdict, string> = {
  pass: 'Pass',
  inconclusive: 'Inconclusive',
  fail: 'Fail',
  error: 'Error',
};
