import { Command } from 'commander';
import { clusterOption, type LabChoices, labOptions, runsOption } from './options.ts';

export interface TestChoices extends LabChoices {
  readonly hermetic?: boolean;
  readonly seed?: string;
  readonly cluster: string;
  readonly runs?: string;
}

export function testCommand(): Command {
  const command = new Command('test')
    .description('holdfast’s own tests: types, lint, layers, unit and golden tests, then a real cluster')
    .option('--hermetic', 'stop before the cluster')
    .option('--seed <seed>', 'order of the experiment’s arms')
    .addOption(clusterOption())
    .addOption(runsOption());
  for (const option of labOptions()) command.addOption(option);
  return command.action(async (choices: TestChoices) => {
    const { testAll } = await import('./test-all.ts');
    process.exitCode = await testAll(choices);
  });
}
