import type { RunFindings } from '../model/finding.ts';
import { type ExitCode, exitCodes } from '../model/verdict.ts';

/**
 * The exit code of a run that stands for a test: 3 only where every doubt arose before a fault, so that nothing was seen
 * of the guarantee and it may be asked once more. Any other doubt counts as a fail.
 */
export function testExitCode({ verdict, experiments }: RunFindings): ExitCode {
  if (verdict === 'pass' || verdict === 'error') return exitCodes[verdict];
  const doubts = experiments
    .flatMap(({ findings, arms }) => [...findings, ...arms.flatMap((arm) => arm.findings)])
    .filter((finding) => finding.verdict !== 'pass');
  const onlyBefore = doubts.length > 0 && doubts.every(({ arose }) => arose === 'before-fault');
  return verdict === 'inconclusive' && onlyBefore ? exitCodes.inconclusive : exitCodes.fail;
}
