import { existsSync } from 'node:fs';
import type { Shell } from 'zx';
import { shellFor } from '../engine/docker.ts';
import type { Engine } from '../engine/engine.ts';
import { hostOf } from '../network/host.ts';
import { networkName, removeNetwork } from '../network/network.ts';
import { evidenceFolder, forgetCluster } from './state.ts';

const clusterLabel = 'io.x-k8s.kind.cluster';

export interface NodeContainer {
  readonly id: string;
  readonly name: string;
  /** `running`, `exited`, `paused` and so on. */
  readonly state: string;
}

/** The containers of kind's cluster of that name. Throws if they are not on our network: then they are somebody else's. */
export async function nodeContainers(
  env: Engine['env'],
  cluster: string,
  signal?: AbortSignal,
): Promise<NodeContainer[]> {
  const format = '{{.ID}} {{.Names}} {{.State}} {{.Networks}}';
  const said = await shellFor(
    env,
    signal,
  )`docker ps --all --no-trunc --filter label=${clusterLabel}=${cluster} --format ${format}`;
  return said.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [id = '', name = '', state = '', networks = ''] = line.split(' ');
      if (networks !== '' && !networks.split(',').includes(networkName(cluster))) {
        throw new Error(
          `kind has a cluster "${cluster}" that holdfast did not make (${name} is on network ${networks}). Choose another name with --cluster.`,
        );
      }
      return { id, name, state };
    });
}

/** Removes the cluster's containers with their volumes, network, rules, evidence and record. Safe to repeat, and on half a cluster. */
export async function removeCluster(engine: Engine, cluster: string, signal?: AbortSignal): Promise<void> {
  const containers = await nodeContainers(engine.env, cluster, signal);
  const $ = shellFor(engine.env, signal);
  if (containers[0]) await emptyEvidence($, cluster, containers[0]);
  if (containers.length > 0) {
    await $`docker rm --force --volumes ${containers.map(({ id }) => id)}`;
  }
  await removeNetwork(engine, hostOf(engine, undefined, signal), cluster, signal);
  await forgetCluster(cluster);
}

/** Pods write as root, and only root removes what they wrote: nobody else's `rm` would do, so a node's image does it. */
async function emptyEvidence($: Shell, cluster: string, { id }: NodeContainer): Promise<void> {
  const folder = evidenceFolder(cluster);
  if (process.getuid?.() === 0 || !existsSync(folder)) return;
  const image = (await $`docker inspect --format ${'{{.Image}}'} ${id}`).stdout.trim();
  const container = ['--network=none', `--volume=${folder}:/evidence`, '--entrypoint=find', image];
  await $`docker run --rm ${container} /evidence -mindepth 2 -delete`;
}
