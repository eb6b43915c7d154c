import { Command } from 'commander';
import { runsOption } from './options.ts';

export function judgeCommand(): Command {
  return new Command('judge')
    .description('judge a recorded run again, under today’s rules; needs no cluster')
    .argument('[run]', 'a run’s id, its folder, or latest', 'latest')
    .option('--json', 'print the JSON report on stdout, and nothing else')
    .addOption(runsOption())
    .action(async (named: string, choices: { json?: boolean; runs?: string }) => {
      const [{ defaultRunsFolder, findRun }, { judgeRun }, { show, writeReports }, { writeFile }, { join }] =
        await Promise.all([
          import('../run/runs.ts'),
          import('../judge/judge.ts'),
          import('./show.ts'),
          import('node:fs/promises'),
          import('node:path'),
        ]);
      const folder = await findRun(choices.runs ?? defaultRunsFolder(), named);
      const findings = await judgeRun(folder);
      await writeFile(join(folder, 'findings.json'), `${JSON.stringify(findings)}\n`);
      await writeReports(folder, findings);
      show(findings, { json: choices.json ?? false, folder });
      process.exitCode = findings.exitCode;
    });
}
