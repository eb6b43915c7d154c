import { Command } from 'commander';
import { print } from '../sys/terminal.ts';
import { jsonOption } from './common/options.ts';
import { printJson } from './common/print-json.ts';

export function initCommand(): Command {
  return new Command('init')
    .description('Write a first experiment, with a package.json and a tsconfig.json. Existing files stay as they are.')
    .argument('[folder]', 'Folder to write to. It is created if it does not exist.', '.')
    .addOption(jsonOption())
    .action(async (folder: string, { json }: { readonly json?: boolean }) => {
      const { firstExperimentText, writeFirstExperiment } = await import('./first-experiment.ts');
      const made = writeFirstExperiment(folder);
      if (json) printJson('holdfast.init/1', made);
      else print(firstExperimentText(made));
    });
}
