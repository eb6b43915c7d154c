import { Command } from 'commander';
import { clusterOption, contextOption } from '../common/options.ts';

/** Started by a run; not meant for users. */
export function watchdogCommand(): Command {
  return new Command('watchdog')
    .description('Undo the changes of a run if it crashes. A run starts this by itself.')
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
