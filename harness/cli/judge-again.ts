import { changesText } from '../../reports/terminal/changes.ts';
import { closingLine } from '../../reports/terminal/closing-line.ts';
import { type Change, changes } from '../../reports/words/changes.ts';
import { judgeRun } from '../judge/judge.ts';
import { printable } from '../model/printable.ts';
import { exitCodes, type Verdict, worst } from '../model/verdict.ts';
import { runFiles } from '../recording/run-folder.ts';
import { writeFindings } from '../run/findings-file.ts';
import { defaultRunsFolder, findRun } from '../run/runs.ts';
import { slowStep } from '../run/slow-step.ts';
import { print, printError, standardOutput, wantsColor } from '../sys/terminal.ts';
import { printJson } from './common/print-json.ts';
import { terminalProgress } from './common/progress.ts';
import { checkReports, show, writeReports } from './common/show.ts';
import { earlierFindings } from './earlier-findings.ts';

/** A run that was judged again. */
interface Judgement {
  readonly run: string;
  readonly folder: string;
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly sentence: string;
  /** What an earlier judgement said otherwise. Absent if there was none. */
  readonly changes?: readonly Change[];
}

/** Judges runs again, replaces their findings and reports, and says what changed. Returns the exit code of the worst. */
export async function judgeAgain(
  named: readonly string[],
  {
    json = false,
    runs = defaultRunsFolder(),
    signal,
  }: { readonly json?: boolean; readonly runs?: string; readonly signal: AbortSignal },
): Promise<number> {
  const folders = [...new Set(named.map((name) => findRun(runs, name)))];
  for (const folder of folders) checkReports(folder, runFiles.findings, runFiles.summary);
  const progress = await terminalProgress();
  const judgements: Judgement[] = [];
  for (const folder of folders) {
    const before = earlierFindings(folder);
    const findings = await judgeRun(folder, {
      signal,
      around: (title, work) => slowStep(progress, `Judge ${title}`, work),
    });
    writeFindings(folder, findings);
    writeReports(folder, findings);
    if (folders.length === 1) show(findings, { json, folder });
    else if (!json) print(`${closingLine(findings)}\n`);
    if (!before && !json)
      printError(`${printable(findings.plan.run)}: this run was not judged before, so there is nothing to compare\n`);
    const { plan, verdict, exitCode, sentence } = findings;
    const changed = before && { changes: changes(before, findings) };
    judgements.push({ run: plan.run, folder, verdict, exitCode, sentence, ...changed });
  }
  if (!json) print(changesText(judgements, wantsColor(standardOutput)));
  else if (folders.length > 1) printJson('holdfast.judgements/1', { judgements });
  return exitCodes[worst(judgements.map(({ verdict }) => verdict))];
}
