import { Command } from 'commander';
import { clusterOption, type LabChoices, labOptions } from './options.ts';

interface ClusterChoices {
  readonly cluster: string;
}

export function clusterCommand(): Command {
  const command = new Command('cluster').description('the lab cluster: kept between runs until it is taken down');
  const up = command
    .command('up')
    .description('make the cluster ready: check and repair the one that is there, or make it')
    .addOption(clusterOption());
  for (const option of labOptions()) up.addOption(option);
  up.action(async (choices: LabChoices & ClusterChoices) => {
    const { up } = await import('./cluster-actions.ts');
    await up(choices);
  });
  command
    .command('status')
    .description('is it there, is it well, is it clean; exit code 4 if not')
    .addOption(clusterOption())
    .action(async ({ cluster }: ClusterChoices) => {
      const { status } = await import('./cluster-actions.ts');
      process.exitCode = await status(cluster);
    });
  command
    .command('reset')
    .description('put the cluster back into a clean state, in seconds')
    .addOption(clusterOption())
    .action(async ({ cluster }: ClusterChoices) => {
      const { reset } = await import('./cluster-actions.ts');
      await reset(cluster);
    });
  command
    .command('down')
    .description('remove the cluster and all that was made for it')
    .addOption(clusterOption())
    .action(async ({ cluster }: ClusterChoices) => {
      const { down } = await import('./cluster-actions.ts');
      await down(cluster);
    });
  return command;
}
