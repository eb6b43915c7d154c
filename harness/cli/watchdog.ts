import { Command } from 'commander';
import { clusterOption } from './options.ts';

/** Started by a run beside itself; nobody types it. */
export function watchdogCommand(): Command {
  return new Command('watchdog')
    .description('heal the cluster when the run that holds our stdin dies')
    .addOption(clusterOption())
    .action(async ({ cluster }: { readonly cluster: string }) => {
      const { watchOver } = await import('./watch-over.ts');
      await watchOver(cluster, process.stdin);
    });
}
