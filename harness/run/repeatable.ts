import type { RunFindings } from '../model/finding.ts';
import { type ExitCode, exitCodes } from '../model/verdict.ts';

/**
 * The exit code of a run that is used as a test. It is 3 only if every problem occurred before a fault, so that nothing
 * is known about the guarantee and the run may be repeated. Any other problem counts as a failure.
 */
export function testExitCode({ verdict, experiments }: RunFindings): ExitCode {
  if (verdict === 'pass' || verdict === 'error') return exitCodes[verdict];
  const doubts = experiments
    .flatMap(({ findings, arms }) => [...findings, ...arms.flatMap((arm) => arm.findings)])
    .filter((finding) => finding.verdict !== 'pass');
  const onlyBefore = doubts.length > 0 && doubts.every(({ arose }) => arose === 'before-fault');
  return verdict === 'inconclusive' && onlyBefore ? exitCodes.inconclusive : exitCodes.fail;
}
