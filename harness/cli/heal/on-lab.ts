import { imageOf } from '../../../clusters/cluster/node-image.ts';
import { clusterReset } from '../../../clusters/cluster/reset.ts';
import { clusterUp } from '../../../clusters/cluster/up.ts';
import { whileMeasuring } from '../../../clusters/engine/measuring.ts';
import type { ClusterInfo } from '../../model/cluster.ts';
import type { Progress } from '../../model/progress.ts';
import type { VerifyCluster } from '../../run/verified.ts';
import type { LabChoices } from '../common/options.ts';
import { typedCommand } from '../common/typed-command.ts';
import { healableCluster } from './cluster.ts';
import { refuseDirty } from './healable.ts';
import { verifyCluster } from './verify-cluster.ts';
import { startWatchdog } from './watch-over.ts';

/** A clean cluster and what a run needs to know about it. */
export interface CleanLab {
  readonly cluster: ClusterInfo;
  readonly journal: string;
  readonly verify: VerifyCluster;
}

/**
 * Does `work` on a clean cluster, which is created if there is none. Throws if a crashed run left changes in it. A watchdog
 * process undoes all changes if this process dies. Throws `MeasuredByAnother` if a command of another owner measures on the
 * same engine.
 */
export async function onCleanLab<T>(
  choices: LabChoices & { readonly cluster: string },
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
  work: (lab: CleanLab) => Promise<T>,
): Promise<T> {
  const name = choices.cluster;
  const healable = healableCluster(name);
  refuseDirty(healable);
  const cluster = await clusterUp({ ...choices, name, progress, signal });
  const engine = { env: cluster.engineEnv };
  const image = await imageOf(cluster.identity.containers[0] ?? '', engine, signal);
  const command = typedCommand().join(' ');
  return whileMeasuring(engine, { image, command, signal }, async () => {
    await clusterReset(name, { progress, signal });
    const watchdog = startWatchdog(healable);
    try {
      return await work({
        cluster,
        journal: healable.journal,
        verify: (options) => verifyCluster(cluster, options),
      });
    } finally {
      await watchdog.dismiss();
    }
  });
}
