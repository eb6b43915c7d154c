import { Command } from 'commander';
import { clusterOption, jsonOption, type LabChoices, labOptions } from './common/options.ts';

interface ClusterChoices {
  readonly cluster: string;
  readonly json?: boolean;
}

export function clusterCommand(): Command {
  const command = new Command('cluster').description(
    'Create, check, reset and remove the lab cluster. It is kept between runs.',
  );
  const up = command
    .command('up')
    .description('Create the cluster, or check and repair the existing one.')
    .addOption(jsonOption())
    .addOption(clusterOption());
  for (const option of labOptions()) up.addOption(option);
  up.action(async (choices: LabChoices & ClusterChoices) => {
    const { up } = await import('./cluster-actions.ts');
    await up(choices);
  });
  command
    .command('status')
    .description('Print whether the cluster exists, is healthy and is clean. Exit code 4 if not.')
    .addOption(jsonOption())
    .addOption(clusterOption())
    .action(async ({ cluster, json }: ClusterChoices) => {
      const { status } = await import('./cluster-actions.ts');
      process.exitCode = await status(cluster, { json: json ?? false });
    });
  command
    .command('reset')
    .description('Undo all changes and return the cluster to a clean state. Takes seconds.')
    .addOption(clusterOption())
    .action(async ({ cluster }: ClusterChoices) => {
      const { reset } = await import('./cluster-actions.ts');
      await reset(cluster);
    });
  command
    .command('down')
    .description('Remove the cluster and everything that was created for it.')
    .addOption(clusterOption())
    .action(async ({ cluster }: ClusterChoices) => {
      const { down } = await import('./cluster-actions.ts');
      await down(cluster);
    });
  return command;
}
