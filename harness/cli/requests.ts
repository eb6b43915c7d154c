import { Command } from 'commander';
import { list, runsOption } from './options.ts';

interface RequestsChoices {
  readonly failed?: boolean;
  readonly arm: readonly string[];
  readonly json?: boolean;
  readonly runs?: string;
}

export function requestsCommand(): Command {
  return new Command('requests')
    .description('the requests of a run, or only those that failed, each with its cause')
    .argument('[run]', 'a run’s id, its folder, or latest', 'latest')
    .option('--failed', 'only those that failed after warm-up, with cause and evidence')
    .option('--arm <name>', 'only of this arm (repeatable)', list, [])
    .option('--json', 'one JSON object a line')
    .addOption(runsOption())
    .action(async (named: string, choices: RequestsChoices) => {
      const { printAll, printFailed } = await import('./requests-print.ts');
      const { defaultRunsFolder, findRun } = await import('../run/runs.ts');
      const folder = findRun(choices.runs ?? defaultRunsFolder(), named);
      const print = choices.failed ? printFailed : printAll;
      await print(folder, { arms: choices.arm, json: choices.json ?? false });
    });
}
