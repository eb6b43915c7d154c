import { existsSync } from 'node:fs';
import { shellFor } from '../docker/docker.ts';
import type { Engine } from '../engine/engine.ts';
import { hostOf } from '../network/host.ts';
import { removeNetwork, removeUnusedBridge } from '../network/network.ts';
import type { NodeContainer } from './containers.ts';
import { imageOf } from './node-image.ts';
import { type OurCluster, ourCluster } from './ours.ts';
import { evidenceFolder, forgetCluster } from './state.ts';

/**
 * Removes the containers of the cluster with their volumes, its network, rules, evidence and record. A second call has
 * no effect, and an incomplete cluster is removed too. Throws `NotOurs` and removes nothing if any part is not ours.
 */
export async function removeCluster(engine: Engine, cluster: string, signal?: AbortSignal): Promise<void> {
  const found = await ourCluster(engine, cluster, signal);
  const $ = shellFor(engine.env, signal);
  if (found.containers[0]) await emptyEvidence(engine, cluster, found.containers[0]);
  if (found.containers.length > 0) await $`docker rm --force --volumes ${found.containers.map(({ id }) => id)}`;
  await removeNetworks(engine, cluster, found, signal);
  await forgetCluster(cluster);
}

/** If the engine lost the network, for example with its data, the record proves that the bridge is ours. */
async function removeNetworks(
  engine: Engine,
  cluster: string,
  { networks, claim }: OurCluster,
  signal?: AbortSignal,
): Promise<void> {
  const host = hostOf(engine, undefined, signal);
  for (const network of networks) await removeNetwork(engine, host, cluster, network, signal);
  const recorded = claim.ids.size > 0;
  if (networks.length === 0 && recorded && process.getuid?.() === 0) await removeUnusedBridge(host, cluster);
}

/** Pods write as root, and only root can remove their files, so a container of the node image does it. */
async function emptyEvidence(engine: Engine, cluster: string, { id }: NodeContainer): Promise<void> {
  const folder = evidenceFolder(cluster);
  if (process.getuid?.() === 0 || !existsSync(folder)) return;
  const image = await imageOf(id, engine);
  const container = ['--network=none', `--volume=${folder}:/evidence`, '--entrypoint=find', image];
  await shellFor(engine.env)`docker run --rm ${container} /evidence -mindepth 2 -delete`;
}
