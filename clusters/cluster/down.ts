import { existsSync } from 'node:fs';
import { printable } from '../../harness/model/printable.ts';
import type { Progress } from '../../harness/model/progress.ts';
import { findOrStartEngine, stopEngine } from '../engine/engine.ts';
import { assertNotMeasured } from '../engine/measuring.ts';
import { hostOf } from '../network/host.ts';
import { restoreSysctls } from '../network/sysctls.ts';
import { missingPrograms } from '../packages.ts';
import { clustersOn } from './containers.ts';
import { clusterNames } from './record.ts';
import { removeCluster } from './remove.ts';
import { checkClusterName, clusterFolder } from './state.ts';

/**
 * Removes a cluster, also an incomplete one. With our last cluster, the sysctls of the host are restored and a private
 * engine stops; its images stay in the cache. Both are kept while a cluster of another owner needs them. Throws and
 * removes nothing if the cluster is not ours, or if another owner runs a measurement on the engine.
 */
export async function clusterDown(
  name: string,
  { progress, signal }: { readonly progress: Progress; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  checkClusterName(name);
  if (!existsSync(clusterFolder(name)) && (await missingPrograms(['docker'])).length > 0) return;
  const engine = await findOrStartEngine({ install: false, progress, signal });
  await assertNotMeasured(engine, signal);
  await progress.step(`Remove cluster ${name}`, () => removeCluster(engine, name, signal));
  if (clusterNames().length > 0) return;
  const others = await clustersOn(engine.env, signal);
  if (others.length > 0) {
    progress.note(
      `The engine and the settings of the host are kept, because these clusters of other owners use them: ${others.map(printable).join(', ')}.`,
    );
    return;
  }
  await restoreSysctls(hostOf(engine, undefined, signal));
  if (engine.own) await progress.step('Stop the private engine', stopEngine);
}
