import { Command } from 'commander';
import { jsonReportOption, runArgument, runsOption } from './common/options.ts';

export function reportCommand(): Command {
  return new Command('report')
    .description('Write and print the reports of a judged run again. Needs no cluster.')
    .addArgument(runArgument())
    .addOption(jsonReportOption())
    .addOption(runsOption())
    .action(async (named: string, choices: { json?: boolean; runs?: string }) => {
      const [{ defaultRunsFolder, findRun }, { readFindings }, { checkReports, show, writeReports }] =
        await Promise.all([import('../run/runs.ts'), import('../run/findings-file.ts'), import('./common/show.ts')]);
      const folder = findRun(choices.runs ?? defaultRunsFolder(), named);
      checkReports(folder);
      const findings = readFindings(folder);
      writeReports(folder, findings);
      show(findings, { json: choices.json ?? false, folder });
    });
}
