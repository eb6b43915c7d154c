import { basename, dirname, relative } from 'node:path';
import { html } from '../../../reports/html/html.ts';
import { reportJson } from '../../../reports/json/report-json.ts';
import { junitXml } from '../../../reports/junit/junit-xml.ts';
import { closingLine } from '../../../reports/terminal/closing-line.ts';
import { summary } from '../../../reports/terminal/summary.ts';
import type { NamedRun } from '../../../reports/words/command.ts';
import type { RunFindings } from '../../model/finding.ts';
import type { RunPlan } from '../../model/plan.ts';
import { defaultRunsFolder } from '../../run/runs.ts';
import { asUsage } from '../../sys/files/as-usage.ts';
import { assertWritable, writeWhole } from '../../sys/files/write.ts';
import { print, standardOutput, wantsColor } from '../../sys/terminal.ts';
import { errorReport } from './failure.ts';

/** The reports by the names of their files in the folder of the run. */
const reports: { readonly [name: string]: (findings: RunFindings) => string } = {
  'report.json': reportJson,
  'junit.xml': junitXml,
  'report.html': html,
};

/**
 * Throws UsageError if a report, or a file in `more`, could not be written into the folder of a run. Called before the
 * work.
 */
export function checkReports(folder: string, ...more: readonly string[]): void {
  for (const name of [...Object.keys(reports), ...more]) asUsage(folder, () => assertWritable(folder, name));
}

/** Writes every report of a run into its folder. */
export function writeReports(folder: string, findings: RunFindings): void {
  for (const [name, make] of Object.entries(reports)) {
    const text = make(findings);
    asUsage(folder, () => writeWhole(folder, name, text));
  }
}

/** A folder as a user would type it. */
export function typedPath(folder: string): string {
  const near = relative(process.cwd(), folder);
  return near.startsWith('..') ? folder : near;
}

/** What names a run in a command: its path, or undefined if its id is enough. */
const typedRun = (folder: string, run: string): string | undefined =>
  dirname(folder) === defaultRunsFolder() && basename(folder) === run ? undefined : typedPath(folder);

/** The run of a folder in the commands that a user is told to run. */
export const namedRun = (folder: string, { run }: RunPlan): NamedRun => ({ run, typed: typedRun(folder, run) });

/**
 * Prints the result on stdout: a table and a closing line, or only the JSON report. `broke` is the error that ended the run
 * early, if one did.
 */
export function show(
  findings: RunFindings,
  { json, folder, broke }: { readonly json: boolean; readonly folder: string; readonly broke?: unknown },
): void {
  if (json) {
    print(reportJson(findings, broke === undefined ? undefined : errorReport(broke)));
    return;
  }
  const { typed } = namedRun(folder, findings.plan);
  const color = wantsColor(standardOutput);
  print(summary(findings, { color, width: standardOutput.columns ?? 100, folder: typedPath(folder), typed }));
  print(`${closingLine(findings)}\n`);
}
