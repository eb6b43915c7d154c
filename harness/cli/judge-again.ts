import { changesText } from '../../reports/terminal/changes.ts';
import { closingLine } from '../../reports/terminal/closing-line.ts';
import { type Change, changes } from '../../reports/words/changes.ts';
import { judgeRun } from '../judge/judge.ts';
import { printable } from '../model/printable.ts';
import { UsageError } from '../model/usage-error.ts';
import { exitCodes, type Verdict, worst } from '../model/verdict.ts';
import { runFiles } from '../recording/run-folder.ts';
import { writeFindings } from '../run/findings-file.ts';
import { defaultRunsFolder, findRun } from '../run/runs.ts';
import { print, printError, standardOutput, wantsColor } from '../sys/terminal.ts';
import { checkReports, show, writeReports } from './common/show.ts';
import { earlierFindings } from './earlier-findings.ts';

/** Judges runs again, replaces their findings and reports, and says what changed. Returns the exit code of the worst. */
export async function judgeAgain(
  named: readonly string[],
  {
    json = false,
    runs = defaultRunsFolder(),
    signal,
  }: { readonly json?: boolean; readonly runs?: string; readonly signal: AbortSignal },
): Promise<number> {
  if (json && named.length > 1) throw new UsageError('--json prints the report of a single run: name only one');
  const folders = [...new Set(named.map((name) => findRun(runs, name)))];
  for (const folder of folders) checkReports(folder, runFiles.findings, runFiles.summary);
  const verdicts: Verdict[] = [];
  const changed: { readonly run: string; readonly changes: readonly Change[] }[] = [];
  for (const folder of folders) {
    const before = earlierFindings(folder);
    const findings = await judgeRun(folder, { signal });
    writeFindings(folder, findings);
    writeReports(folder, findings);
    if (folders.length === 1) show(findings, { json, folder });
    else print(`${closingLine(findings)}\n`);
    if (before) changed.push({ run: findings.plan.run, changes: changes(before, findings) });
    else if (!json)
      printError(`${printable(findings.plan.run)}: this run was not judged before, so there is nothing to compare\n`);
    verdicts.push(findings.verdict);
  }
  if (!json) print(changesText(changed, wantsColor(standardOutput)));
  return exitCodes[worst(verdicts)];
}
