import { Command } from 'commander';
import { runsOption } from './options.ts';

export function reportCommand(): Command {
  return new Command('report')
    .description('write and show a judged run’s reports again; needs no cluster')
    .argument('[run]', 'a run’s id, its folder, or latest', 'latest')
    .option('--json', 'print the JSON report on stdout, and nothing else')
    .addOption(runsOption())
    .action(async (named: string, choices: { json?: boolean; runs?: string }) => {
      const [{ defaultRunsFolder, findRun }, { readFindings }, { checkReports, show, writeReports }] =
        await Promise.all([import('../run/runs.ts'), import('../run/findings-file.ts'), import('./show.ts')]);
      const folder = findRun(choices.runs ?? defaultRunsFolder(), named);
      checkReports(folder);
      const findings = readFindings(folder);
      writeReports(folder, findings);
      show(findings, { json: choices.json ?? false, folder });
    });
}
