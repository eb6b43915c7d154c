import { existsSync } from 'node:fs';
import type { Progress } from '../../harness/model/progress.ts';
import { findOrStartEngine, stopEngine } from '../engine/engine.ts';
import { hostOf } from '../network/host.ts';
import { restoreSysctls } from '../network/sysctls.ts';
import { missingPrograms } from '../packages.ts';
import { removeCluster } from './remove.ts';
import { checkClusterName, clusterFolder, clusterNames } from './state.ts';

/**
 * Removes a cluster, or what is left of one. With the last of ours the host gets its sysctls back and a private engine
 * ends; its images stay in the cache.
 */
export async function clusterDown(
  name: string,
  { progress, signal }: { readonly progress: Progress; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  checkClusterName(name);
  if (!existsSync(clusterFolder(name)) && (await missingPrograms(['docker'])).length > 0) return;
  const engine = await findOrStartEngine({ install: false, progress, signal });
  await progress.step(`Remove cluster ${name}`, () => removeCluster(engine, name, signal));
  if (clusterNames().length > 0) return;
  await restoreSysctls(hostOf(engine, undefined, signal));
  if (engine.own) await progress.step('Stop the private engine', stopEngine);
}
