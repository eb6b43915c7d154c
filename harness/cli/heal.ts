import { Command } from 'commander';
import { clusterOption } from './options.ts';

export function healCommand(): Command {
  return new Command('heal')
    .description('undo whatever a run that died left in the cluster, from its journal, and verify it')
    .addOption(clusterOption())
    .action(async ({ cluster }: { readonly cluster: string }) => {
      const [{ healCluster }, { interruptSignal }, { terminalProgress }, { withLock }] = await Promise.all([
        import('./heal-cluster.ts'),
        import('./interrupt.ts'),
        import('./progress.ts'),
        import('../sys/lock.ts'),
      ]);
      const signal = interruptSignal();
      const progress = await terminalProgress();
      const undone = await withLock('lab', 'holdfast heal', () => healCluster(cluster, { progress, signal }));
      const words =
        undone > 0 ? `put back ${undone === 1 ? '1 thing' : `${undone} things`}; it` : 'had nothing left to undo; it';
      process.stdout.write(`Cluster ${cluster} ${words} is as it was made.\n`);
    });
}
