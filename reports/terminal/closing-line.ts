import type { RunFindings } from '../../harness/model/finding.ts';
import { printable } from '../../harness/model/printable.ts';
import { verdictWord } from '../words/outcome.ts';

/** The one line on stdout for a script or a CI log: verdict, sentence, run, exit code. */
export function closingLine(findings: RunFindings): string {
  const sentence = printable(findings.sentence);
  return `${verdictWord[findings.verdict].toLowerCase()}: ${sentence} (run ${printable(findings.plan.run)}, exit ${findings.exitCode})`;
}
