import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changesText } from '../../reports/terminal/changes.ts';
import { closingLine } from '../../reports/terminal/closing-line.ts';
import { type Change, changes } from '../../reports/words/changes.ts';
import { judgeRun } from '../judge/judge.ts';
import { printable } from '../model/printable.ts';
import { UsageError } from '../model/usage-error.ts';
import { exitCodes, type Verdict, worst } from '../model/verdict.ts';
import { defaultRunsFolder, findRun } from '../run/runs.ts';
import { print, printError, standardOutput, wantsColor } from '../sys/terminal.ts';
import { earlierFindings } from './earlier-findings.ts';
import { show, writeReports } from './show.ts';

/** Judges runs again, replaces their findings and reports, and says what changed. Returns the exit code of the worst. */
export async function judgeAgain(
  named: readonly string[],
  { json = false, runs = defaultRunsFolder() }: { readonly json?: boolean; readonly runs?: string },
): Promise<number> {
  if (json && named.length > 1) throw new UsageError('--json prints the report of one run; name one');
  const folders = [...new Set(await Promise.all(named.map((name) => findRun(runs, name))))];
  const verdicts: Verdict[] = [];
  const changed: { readonly run: string; readonly changes: readonly Change[] }[] = [];
  for (const folder of folders) {
    const before = await earlierFindings(folder);
    const findings = await judgeRun(folder);
    await writeFile(join(folder, 'findings.json'), `${JSON.stringify(findings)}\n`);
    await writeReports(folder, findings);
    if (folders.length === 1) show(findings, { json, folder });
    else print(`${closingLine(findings)}\n`);
    if (before) changed.push({ run: findings.plan.run, changes: changes(before, findings) });
    else if (!json) printError(`${printable(findings.plan.run)}: no earlier findings to compare with\n`);
    verdicts.push(findings.verdict);
  }
  if (!json) print(changesText(changed, wantsColor(standardOutput)));
  return exitCodes[worst(verdicts)];
}
