import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { html } from '../../reports/html/html.ts';
import { reportJson } from '../../reports/json/report-json.ts';
import { junitXml } from '../../reports/junit/junit-xml.ts';
import { closingLine } from '../../reports/terminal/closing-line.ts';
import { summary } from '../../reports/terminal/summary.ts';
import type { RunFindings } from '../model/finding.ts';
import { print, standardOutput, wantsColor } from '../sys/terminal.ts';

/** Writes every report of a run into its folder. */
export async function writeReports(folder: string, findings: RunFindings): Promise<void> {
  await Promise.all([
    writeFile(join(folder, 'report.json'), reportJson(findings)),
    writeFile(join(folder, 'junit.xml'), junitXml(findings)),
    writeFile(join(folder, 'report.html'), html(findings)),
  ]);
}

/** Says on stdout what came out: a table and a closing line, or the JSON report alone. */
export function show(
  findings: RunFindings,
  { json, folder }: { readonly json: boolean; readonly folder: string },
): void {
  if (json) {
    print(reportJson(findings));
    return;
  }
  const near = relative(process.cwd(), folder);
  const typed = near.startsWith('..') ? folder : near;
  const color = wantsColor(standardOutput);
  print(summary(findings, { color, width: standardOutput.columns ?? 100, folder: typed }));
  print(`${closingLine(findings)}\n`);
}
