import { Command } from 'commander';
import { jsonOption, list, runArgument, runsOption } from './common/options.ts';

interface RequestsChoices {
  readonly failed?: boolean;
  readonly arm: readonly string[];
  readonly json?: boolean;
  readonly runs?: string;
}

export function requestsCommand(): Command {
  return new Command('requests')
    .description('Print the requests of a run, or only the failed ones with their causes.')
    .addArgument(runArgument())
    .option('--failed', 'Print only the requests that failed after warm-up, with cause and evidence.')
    .option('--arm <name>', 'Print only the requests of this arm. Repeatable.', list, [])
    .addOption(jsonOption('Print one JSON document per line.'))
    .addOption(runsOption())
    .action(async (named: string, choices: RequestsChoices) => {
      const { printAll, printFailed } = await import('./requests-print.ts');
      const { defaultRunsFolder, findRun } = await import('../run/runs.ts');
      const folder = findRun(choices.runs ?? defaultRunsFolder(), named);
      const print = choices.failed ? printFailed : printAll;
      await print(folder, { arms: choices.arm, json: choices.json ?? false });
    });
}
