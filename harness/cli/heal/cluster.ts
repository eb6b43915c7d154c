import { join } from 'node:path';
import { existingCluster } from '../../../clusters/cluster/existing.ts';
import { clusterFolder, journalFile } from '../../../clusters/cluster/state.ts';
import { findOrStartEngine } from '../../../clusters/engine/engine.ts';
import { ownCommand } from '../../model/own-command.ts';
import type { Progress } from '../../model/progress.ts';
import { faultNamed } from '../../record/fault/catalogue.ts';
import { openLab } from '../../record/lab/lab.ts';
import { healFrom } from '../../record/undo/heal.ts';
import { openActions } from '../../record/undo/journal.ts';
import { ChangesLeft } from '../common/failure.ts';
import type { Healable } from './healable.ts';
import { verifyCluster } from './verify-cluster.ts';

/**
 * Undoes the changes of a crashed run, using only its journal. Then waits until the cluster is verified to be clean. Throws `ChangesLeft`
 * with everything that could not be undone or that still differs. Resolves to the number of changes that were open.
 */
export async function healCluster(
  name: string,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<number> {
  const recorded = existingCluster(name);
  const journal = journalFile(name);
  const open = openActions(journal);
  const routes = open.some(({ action }) => action.kind === 'inject' && faultNamed(action.fault).breaksRoutes);
  const engine = await findOrStartEngine({ install: false, progress, signal });
  const info = { ...recorded, engineEnv: engine.env };
  if (open.length > 0) {
    const errors = await healFrom(journal, await openLab(info), progress);
    if (errors.length > 0) {
      const words = errors.map(({ message }) => message).join('\n');
      throw new ChangesLeft(
        `${words}\nTry again: ${ownCommand} heal. If that fails, remove the cluster: ${ownCommand} cluster down`,
      );
    }
  }
  await progress
    .step('Verify the cluster', () => verifyCluster(info, { routes, signal }))
    .catch((error: Error) => {
      throw new ChangesLeft(`${error.message}\nTry again: ${ownCommand} cluster reset`, { cause: error });
    });
  return open.length;
}

/** A lab cluster. */
export const healableCluster = (name: string): Healable => ({
  name: `cluster ${name}`,
  journal: journalFile(name),
  lock: 'lab',
  flags: ['--cluster', name],
  healCommand: `${ownCommand} heal`,
  watchdogLog: join(clusterFolder(name), 'watchdog.log'),
  heal: (options) => healCluster(name, options),
});
