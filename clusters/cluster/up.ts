import type { ClusterInfo, ImageSource } from '../../harness/model/cluster.ts';
import { type Engine, findOrStartEngine } from '../engine/engine.ts';
import { favourContainers } from '../engine/processor.ts';
import { type ClusterShape, type NodeTimings, plannedNodes } from '../kind/shape.ts';
import { closeEgress } from '../network/egress.ts';
import { hostOf } from '../network/host.ts';
import { ensureNetwork } from '../network/network.ts';
import { ensureSysctls } from '../network/sysctls.ts';
import type { InstallOptions } from '../packages.ts';
import { loadImages } from './application-images.ts';
import { createWithKind } from './create.ts';
import { closeDns } from './dns.ts';
import { tuneGenerator } from './generator.ts';
import { hasPodNetwork } from './node-image.ts';
import { nodesOf } from './node-shell.ts';
import { makeApplicationImages, makeParts } from './parts.ts';
import { readIdentity, readNodes, readProfile } from './profile.ts';
import { proveProxy } from './proxy-proof.ts';
import { waitUntilReady } from './readiness.ts';
import { removeCluster } from './remove.ts';
import { checking, repair } from './repair.ts';
import { chooseSource } from './source.ts';
import { checkClusterName, kubeconfigFile, readCluster, writeCluster } from './state.ts';

export interface ClusterUpOptions extends InstallOptions {
  readonly name: string;
  readonly image: 'auto' | ImageSource;
  /** A release such as `1.37` or `v1.37.2`. */
  readonly kubernetes: string;
  /** 4 unless told. */
  readonly workers?: number;
  readonly nodeTimings: NodeTimings;
}

const readyLimitMs = 180_000;

/**
 * A cluster that is ready for an experiment: the one that is there, checked and repaired, or a new one. An interrupted
 * creation removes what it made.
 */
export async function clusterUp(options: ClusterUpOptions): Promise<ClusterInfo> {
  const { name, progress, signal, nodeTimings } = options;
  checkClusterName(name);
  const shape = { name, nodeTimings, workers: options.workers ?? 4 };
  const engine = await findOrStartEngine(options);
  const found = readCluster(name);
  if (found) {
    const images = await makeApplicationImages({ ...options, afterwards: [checking] });
    const repaired = await repair(found, { ...options, engine, shape, images });
    if ('cluster' in repaired) {
      await favourContainers(engine);
      return repaired.cluster;
    }
    progress.note(`Cluster ${name} is made anew: ${repaired.because}.`);
  }
  await removeCluster(engine, name, signal);
  try {
    return await create(shape, engine, options);
  } catch (error) {
    await removeCluster(engine, name).catch((cleaning) =>
      progress.note(`Cluster ${name} is not gone: ${cleaning.message}`),
    );
    throw error;
  }
}

async function create(shape: ClusterShape, engine: Engine, options: ClusterUpOptions): Promise<ClusterInfo> {
  const { progress, signal } = options;
  const { name } = shape;
  const imageSource = await chooseSource(options.image, { engine, ...options });
  const cluster = nodesOf(name, engine.env, signal);
  const planned = plannedNodes(shape);
  const names = planned.map((node) => node.name);
  const controlPlane = `${name}-control-plane`;

  const steps = {
    nodes: `Make ${names.length} nodes`,
    ready: 'Wait until every node is Ready',
    proof: 'Prove that kube-proxy routes',
  };
  const afterwards = Object.values(steps);
  const { kind, nodeImage, images } = await makeParts(imageSource, { ...options, engine, afterwards });

  const network = await ensureNetwork(engine, name, signal);
  const host = hostOf(engine, nodeImage, signal);
  await ensureSysctls(host);
  await closeEgress(host, network);

  await progress.step(steps.nodes, async () =>
    createWithKind({
      ...shape,
      signal,
      kind,
      nodeImage,
      network,
      env: engine.env,
      ownPodNetwork: !(await hasPodNetwork(nodeImage, engine, signal)),
      cgroupVersion: engine.cgroupVersion,
      kubernetes: options.kubernetes,
    }),
  );
  await progress.step(steps.ready, async () => {
    await closeDns(cluster, imageSource);
    await favourContainers(engine);
    await tuneGenerator(cluster, controlPlane, planned);
    await Promise.all([loadImages(cluster, names, images), waitUntilReady(cluster, names, readyLimitMs, signal)]);
  });
  await progress.step(steps.proof, () => proveProxy(cluster, planned, images.specimen.tag, signal));
  const nodes = await readNodes(cluster, shape, network.name);
  const info: ClusterInfo = {
    name,
    createdAt: new Date().toISOString(),
    kubeconfig: kubeconfigFile(name),
    network,
    engineEnv: engine.env,
    nodes,
    generatorNode: controlPlane,
    images: { k6: images.k6.tag, specimen: images.specimen.tag },
    identity: await readIdentity(cluster, controlPlane, nodes),
    profile: await readProfile(cluster, { engine, shape, imageSource, kind, controlPlane, nodeImage, images }),
  };
  await writeCluster(info);
  return info;
}
