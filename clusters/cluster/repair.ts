import { isDeepStrictEqual } from 'node:util';
import type { ClusterInfo, ClusterNode, ImageSource } from '../../harness/model/cluster.ts';
import type { Progress } from '../../harness/model/progress.ts';
import { reason } from '../../harness/model/reason.ts';
import type { Engine } from '../engine/engine.ts';
import { ownerId } from '../engine/owner.ts';
import type { ClusterShape } from '../kind/shape.ts';
import { closeEgress } from '../network/egress.ts';
import { hostOf } from '../network/host.ts';
import { ensureNetwork } from '../network/network.ts';
import { ensureSysctls } from '../network/sysctls.ts';
import { type ApplicationImages, loadImages } from './application-images.ts';
import { bringBackNodes } from './bring-back-nodes.ts';
import { nodeImageTag } from './node-image.ts';
import { nodesOf } from './node-shell.ts';
import { ourCluster } from './ours.ts';
import { assertIdentity, readNodes } from './profile.ts';
import { proveProxy } from './proxy-proof.ts';
import { writeCluster } from './record.ts';
import { makeFolders } from './state.ts';

export interface RepairOptions {
  readonly engine: Engine;
  readonly shape: ClusterShape;
  readonly image: 'auto' | ImageSource;
  readonly kubernetes: string;
  readonly images: ApplicationImages;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

export const checking = 'Check the cluster';

/** Checks a recorded cluster and repairs it if possible. Otherwise returns why it must be created again. */
export async function repair(
  info: ClusterInfo,
  options: RepairOptions,
): Promise<{ readonly cluster: ClusterInfo } | { readonly because: string }> {
  try {
    const other = wantsAnother(info, options) ?? (await otherNodeImage(info, options));
    if (other) return { because: other };
    return { cluster: await options.progress.step(checking, () => check(info, options)) };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { because: reason(error) };
  }
}

/** The requested properties that this cluster does not have, as text; undefined if it has all. */
export function wantsAnother(
  { nodes, profile }: Pick<ClusterInfo, 'nodes' | 'profile'>,
  { shape, image, kubernetes }: Pick<RepairOptions, 'shape' | 'image' | 'kubernetes'>,
): string | undefined {
  const workers = nodes.length - 1;
  if (workers !== shape.workers) return `it has ${workers} workers instead of ${shape.workers}`;
  if (profile.nodeTimings !== shape.nodeTimings) return `its node timings are ${profile.nodeTimings}`;
  if (profile.proxyMode !== shape.proxyMode) return `its kube-proxy is in ${profile.proxyMode} mode`;
  if (image !== 'auto' && profile.imageSource !== image) return `its node image is ${profile.imageSource}`;
  const wanted = `v${kubernetes.replace(/^v/, '')}`;
  if (profile.kubernetes !== wanted && !profile.kubernetes.startsWith(`${wanted}.`)) {
    return `it runs Kubernetes ${profile.kubernetes}`;
  }
  return undefined;
}

/** The built image may have changed since. */
async function otherNodeImage(
  { nodes, generatorNode, profile }: ClusterInfo,
  { engine, kubernetes, signal }: RepairOptions,
) {
  const { $, container } = nodesOf({ nodes, engineEnv: engine.env }, signal);
  const wanted = await nodeImageTag(profile.imageSource, kubernetes, engine);
  const used = (
    await $`docker inspect --type=container --format ${'{{.Config.Image}}'} ${container(generatorNode)}`
  ).stdout.trim();
  return used === wanted ? undefined : `its node image is ${used} instead of ${wanted}`;
}

async function check(info: ClusterInfo, { engine, shape, images, signal }: RepairOptions): Promise<ClusterInfo> {
  const names = info.nodes.map(({ name }) => name);
  const { containers, claim } = await ourCluster(engine, info.name, signal);
  makeFolders(info.name, names);
  const network = await ensureNetwork(engine, info.name, { ...claim, owner: ownerId() }, signal);
  const host = hostOf(engine, undefined, signal);
  await ensureSysctls(host);
  await closeEgress(host, network);
  const current: ClusterInfo = { ...info, network, engineEnv: engine.env };
  const cluster = nodesOf(current, signal);
  await bringBackNodes(current, signal);
  const nodes = await readNodes(engine, shape, { containers, network: network.name }, signal);
  const changed = changedNodes(info.nodes, nodes);
  if (changed) throw new Error(changed);
  await loadImages(cluster, names, images);
  if (movedNodes(info.nodes, nodes)) await proveProxy(cluster, nodes, images.specimen.tag, signal);
  await assertIdentity(cluster, { ...info, nodes });

  const checked: ClusterInfo = {
    ...current,
    nodes,
    images: { k6: images.k6.tag, specimen: images.specimen.tag },
    profile: {
      ...info.profile,
      engine: engine.description,
      digests: { ...info.profile.digests, k6: images.k6.hash, specimen: images.specimen.hash },
    },
  };
  if (!isDeepStrictEqual(checked, info)) writeCluster(checked);
  return checked;
}

/** Says which node is not the container that was recorded; undefined if all are. */
export function changedNodes(recorded: readonly ClusterNode[], found: readonly ClusterNode[]): string | undefined {
  const changed = recorded.find(({ container }, index) => found[index]?.container !== container);
  return changed && `the container of node ${changed.name} was replaced`;
}

/** If the engine started nodes by itself, they may have other addresses, and the record is updated. */
const movedNodes = (recorded: readonly ClusterNode[], found: readonly ClusterNode[]) =>
  recorded.some(({ ip }, index) => found[index]?.ip !== ip);
