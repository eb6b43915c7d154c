import type { ClusterInfo, ImageSource, ProxyMode } from '../../harness/model/cluster.ts';
import { assertProxyMode } from '../doctor/proxy-mode.ts';
import { type Engine, findOrStartEngine } from '../engine/engine.ts';
import { assertNotMeasured, whileMeasuring } from '../engine/measuring.ts';
import { ownerId } from '../engine/owner.ts';
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
import { ourCluster } from './ours.ts';
import { makeApplicationImages, makeParts, type Parts } from './parts.ts';
import { readIdentity, readNodes, readProfile } from './profile.ts';
import { proveProxy } from './proxy-proof.ts';
import { waitUntilReady } from './readiness.ts';
import { readCluster, writeCluster } from './record.ts';
import { removeCluster } from './remove.ts';
import { checking, repair } from './repair.ts';
import { chooseSource } from './source.ts';
import { checkClusterName, kubeconfigFile } from './state.ts';

export interface ClusterUpOptions extends InstallOptions {
  readonly name: string;
  readonly image: 'auto' | ImageSource;
  /** A release such as `1.37` or `v1.37.2`. */
  readonly kubernetes: string;
  /** Default 4. */
  readonly workers?: number;
  readonly nodeTimings: NodeTimings;
  readonly proxyMode: ProxyMode;
}

const readyLimitMs = 180_000;

/**
 * Creates a cluster for experiments, or checks and repairs the existing one. An interrupted creation removes what it
 * created. Throws before it changes anything if the engine has a cluster of that name that is not ours, if another
 * owner runs a measurement on it, or if the kernel lacks what kube-proxy needs in its mode.
 */
export async function clusterUp(options: ClusterUpOptions): Promise<ClusterInfo> {
  const { name, progress, signal, nodeTimings, proxyMode } = options;
  checkClusterName(name);
  await assertProxyMode(proxyMode);
  const shape = { name, nodeTimings, proxyMode, workers: options.workers ?? 4 };
  const engine = await findOrStartEngine(options);
  const found = readCluster(name);
  await assertNotMeasured(engine, signal);
  await ourCluster(engine, name, signal);
  if (found) {
    const images = await makeApplicationImages({ ...options, afterwards: [checking] });
    const repaired = await repair(found, { ...options, engine, shape, images });
    if ('cluster' in repaired) {
      await favourContainers(engine);
      return repaired.cluster;
    }
    progress.note(`Cluster ${name} is created again: ${repaired.because}.`);
  }
  await removeCluster(engine, name, signal);
  try {
    return await create(shape, engine, options);
  } catch (error) {
    await removeCluster(engine, name).catch((cleaning) =>
      progress.note(`Cluster ${name} was not removed completely: ${cleaning.message}`),
    );
    throw error;
  }
}

async function create(shape: ClusterShape, engine: Engine, options: ClusterUpOptions): Promise<ClusterInfo> {
  const { signal } = options;
  const imageSource = await chooseSource(options.image, { engine, ...options });
  const steps = {
    nodes: `Create ${plannedNodes(shape).length} nodes`,
    ready: 'Wait until every node is Ready',
    proof: 'Check that kube-proxy routes',
  };
  const afterwards = Object.values(steps);
  const parts = await makeParts(imageSource, { ...options, engine, afterwards });
  return whileMeasuring(engine, { image: parts.nodeImage, command: 'holdfast cluster up', signal }, () =>
    createFrom(parts, { shape, engine, options, imageSource, steps }),
  );
}

async function createFrom(
  { kind, nodeImage, images }: Parts,
  {
    shape,
    engine,
    options,
    imageSource,
    steps,
  }: {
    readonly shape: ClusterShape;
    readonly engine: Engine;
    readonly options: ClusterUpOptions;
    readonly imageSource: ImageSource;
    readonly steps: { readonly [step in 'nodes' | 'ready' | 'proof']: string };
  },
): Promise<ClusterInfo> {
  const { progress, signal } = options;
  const { name } = shape;
  const names = plannedNodes(shape).map((node) => node.name);
  const controlPlane = `${name}-control-plane`;
  const owner = ownerId();
  const network = await ensureNetwork(engine, name, { owner, ids: new Set() }, signal);
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
      owner,
      env: engine.env,
      ownPodNetwork: !(await hasPodNetwork(nodeImage, engine, signal)),
      cgroupVersion: engine.cgroupVersion,
      kubernetes: options.kubernetes,
    }),
  );
  const { containers } = await ourCluster(engine, name, signal);
  const nodes = await readNodes(engine, shape, { containers, network: network.name }, signal);
  const cluster = nodesOf({ nodes, engineEnv: engine.env }, signal);
  await progress.step(steps.ready, async () => {
    await closeDns(cluster, imageSource);
    await favourContainers(engine);
    await tuneGenerator(cluster, controlPlane, nodes);
    await Promise.all([loadImages(cluster, names, images), waitUntilReady(cluster, names, readyLimitMs, signal)]);
  });
  await progress.step(steps.proof, () => proveProxy(cluster, nodes, images.specimen.tag, signal));
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
  writeCluster(info);
  return info;
}
