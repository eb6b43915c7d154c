import { Command } from 'commander';
import { print } from '../sys/terminal.ts';

export function initCommand(): Command {
  return new Command('init')
    .description('Write a first experiment, with a package.json and a tsconfig.json. Existing files stay as they are.')
    .argument('[folder]', 'Folder to write to. It is created if it does not exist.', '.')
    .action(async (folder: string) => {
      const { writeFirstExperiment } = await import('./first-experiment.ts');
      print(writeFirstExperiment(folder));
    });
}
