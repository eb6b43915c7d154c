import { Command } from 'commander';
import { type LabChoices, labOptions } from './options.ts';

export function labCommand(): Command {
  const command = new Command('lab').description('what a lab cluster is made of: node image, kind, k6, workload');
  const build = command.command('build').description('build what is missing; a second time builds nothing');
  for (const option of labOptions()) build.addOption(option);
  build.action(async (choices: LabChoices) => {
    const { build } = await import('./lab-actions.ts');
    await build(choices);
  });
  command
    .command('export')
    .description('write all of it into one archive, for a machine without a network')
    .argument('<file>')
    .action(async (file: string) => {
      const { exportTo } = await import('./lab-actions.ts');
      await exportTo(file);
    });
  command
    .command('import')
    .description(
      'take an exported archive into this machine’s cache. An archive is code: import only what you exported yourself',
    )
    .argument('<file>')
    .action(async (file: string) => {
      const { importFrom } = await import('./lab-actions.ts');
      await importFrom(file);
    });
  return command;
}
