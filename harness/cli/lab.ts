import { Command } from 'commander';
import { type LabChoices, labOptions } from './common/options.ts';

export function labCommand(): Command {
  const command = new Command('lab').description(
    'Build, export and import the parts of the lab: node image, kind, k6 and the workload.',
  );
  const build = command.command('build').description('Build the missing parts of the lab.');
  for (const option of labOptions()) build.addOption(option);
  build.action(async (choices: LabChoices) => {
    const { build } = await import('./lab-actions.ts');
    await build(choices);
  });
  command
    .command('export')
    .description('Write all parts into one archive, for a machine without network access.')
    .argument('<file>', 'The archive, such as lab.tar.zst.')
    .action(async (file: string) => {
      const { exportTo } = await import('./lab-actions.ts');
      await exportTo(file);
    });
  command
    .command('import')
    .description(
      'Copy the parts of an archive into the cache. Its programs run as root: import only your own archives.',
    )
    .argument('<file>', 'The archive, such as lab.tar.zst.')
    .action(async (file: string) => {
      const { importFrom } = await import('./lab-actions.ts');
      await importFrom(file);
    });
  return command;
}
