import { Command } from 'commander';
import { clusterOption, contextOption } from './options.ts';

/** Started by a run beside itself; nobody types it. */
export function watchdogCommand(): Command {
  return new Command('watchdog')
    .description('heal the cluster when the run that holds our stdin dies')
    .addOption(clusterOption())
    .addOption(contextOption())
    .action(async ({ cluster, context }: { readonly cluster: string; readonly context?: string }) => {
      const [{ watchOver }, { healableOf }] = await Promise.all([
        import('./watch-over.ts'),
        import('./healable-of.ts'),
      ]);
      await watchOver(healableOf({ cluster, context }), process.stdin);
    });
}
