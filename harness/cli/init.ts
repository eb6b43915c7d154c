import { Command } from 'commander';
import { print } from '../sys/terminal.ts';

export function initCommand(): Command {
  return new Command('init')
    .description('write a first experiment, and what it needs to be run and type-checked; overwrites nothing')
    .argument('[folder]', 'where; it is made if it is not there', '.')
    .action(async (folder: string) => {
      const { writeFirstExperiment } = await import('./first-experiment.ts');
      print(writeFirstExperiment(folder));
    });
}
