import { release } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type {
  ClusterIdentity,
  ClusterInfo,
  ClusterNode,
  ImageSource,
  LabProfile,
} from '../../harness/model/cluster.ts';
import { fingerprint } from '../../harness/model/fingerprint.ts';
import { ownCommand } from '../../harness/model/own-command.ts';
import { shellFor } from '../docker/docker.ts';
import type { Engine } from '../engine/engine.ts';
import { proxyMinSyncPeriod } from '../kind/config.ts';
import { schedulerProfiles } from '../kind/scheduler-config.ts';
import { type ClusterShape, plannedNodes } from '../kind/shape.ts';
import { k6Version } from '../node-image/versions.ts';
import type { ApplicationImages } from './application-images.ts';
import type { NodeContainer } from './containers.ts';
import { generatorSysctls } from './generator.ts';
import type { Nodes } from './node-shell.ts';
import { evidenceFolder } from './state.ts';

/** The default address of the metrics of kube-proxy, on the loopback of the node. */
const proxyModeUrl = 'http://127.0.0.1:10249/proxyMode';

interface InspectedContainer {
  readonly Id: string;
  readonly NetworkSettings: { readonly Networks: { readonly [name: string]: { readonly IPAddress: string } } };
}

/** The nodes with the ids and addresses that the engine gave their containers. All of them are ours. */
export async function readNodes(
  { env }: Pick<Engine, 'env'>,
  shape: ClusterShape,
  { containers: ours, network }: { readonly containers: readonly NodeContainer[]; readonly network: string },
  signal?: AbortSignal,
): Promise<ClusterNode[]> {
  const planned = plannedNodes(shape);
  const ids = planned.map(({ name }) => {
    const container = ours.find((each) => each.name === name);
    if (!container) throw new Error(`node ${name} has no container`);
    return container.id;
  });
  const result = await shellFor(env, signal)`docker container inspect ${ids}`;
  const inspected = new Map((JSON.parse(result.stdout) as InspectedContainer[]).map((each) => [each.Id, each]));
  return planned.map((node, index) => {
    const container = inspected.get(ids[index] ?? '');
    if (!container) throw new Error(`node ${node.name} has no container`);
    return {
      ...node,
      ip: container.NetworkSettings.Networks[network]?.IPAddress ?? '',
      container: container.Id,
      evidence: evidenceFolder(shape.name, node.name),
    };
  });
}

/** The identity of the cluster. It is read again each time. */
export async function readIdentity(
  cluster: Nodes,
  controlPlane: string,
  nodes: readonly ClusterNode[],
): Promise<ClusterIdentity> {
  const kubeSystem = await cluster.kubectlJson<{ metadata: { uid: string } }>(['get', 'namespace', 'kube-system']);
  const ca = await cluster.run(controlPlane, ['cat', '/etc/kubernetes/pki/ca.crt']);
  return {
    kubeSystemUid: kubeSystem.metadata.uid,
    caSha256: fingerprint(ca.stdout),
    containers: nodes.map(({ container }) => container),
  };
}

/** Throws unless the containers, the certificate authority and kube-system are those that were recorded. */
export async function assertIdentity(
  cluster: Nodes,
  { name, generatorNode, nodes, identity }: Pick<ClusterInfo, 'name' | 'generatorNode' | 'nodes' | 'identity'>,
): Promise<void> {
  const found = await readIdentity(cluster, generatorNode, nodes);
  if (isDeepStrictEqual(found, identity)) return;
  throw new Error(
    `cluster ${name} is not the recorded one. Remove it, then create it again: ${ownCommand} cluster down`,
  );
}

/** The properties of this lab, read from the running cluster. */
export async function readProfile(
  cluster: Nodes,
  options: {
    readonly engine: Engine;
    readonly shape: ClusterShape;
    readonly imageSource: ImageSource;
    readonly kind: string;
    readonly controlPlane: string;
    readonly nodeImage: string;
    readonly images: ApplicationImages;
  },
): Promise<LabProfile> {
  const { engine, shape, imageSource, kind, controlPlane, nodeImage, images } = options;
  const version = await cluster.kubectlJson<{ serverVersion: { gitVersion: string } }>(['version']);
  const containerd = await cluster.run(controlPlane, ['containerd', '--version']);
  const cni = await cluster.run(controlPlane, ['sh', '-c', 'cat /etc/cni/net.d/*.conflist']);
  const kindVersion = await cluster.$`${kind} version --quiet`;
  const proxyMode = await readProxyMode(cluster, controlPlane);
  if (proxyMode !== shape.proxyMode)
    throw new Error(`kube-proxy runs in ${proxyMode} mode on ${controlPlane}, but ${shape.proxyMode} was configured`);
  const nodeImageId = await cluster.$`docker image inspect --format ${'{{.Id}}'} ${nodeImage}`;
  return {
    imageSource,
    kubernetes: version.serverVersion.gitVersion,
    kind: `v${kindVersion.stdout.trim()}`,
    k6: k6Version,
    containerd: containerd.stdout.trim().split(/\s+/)[2] ?? '',
    engine: engine.description,
    kernel: release(),
    cgroup: `v${engine.cgroupVersion}`,
    cni: cniName(cni.stdout),
    proxyMode,
    proxyMinSyncPeriod,
    nodeTimings: shape.nodeTimings,
    schedulerProfiles,
    sysctls: generatorSysctls,
    digests: { node: nodeImageId.stdout.trim(), k6: images.k6.hash, specimen: images.specimen.hash },
  };
}

/** The mode that kube-proxy reports on its metrics port. */
async function readProxyMode(cluster: Nodes, node: string): Promise<string> {
  const result = await cluster.run(node, ['curl', '--silent', '--fail', '--max-time', '5', proxyModeUrl]);
  return result.stdout.trim();
}

/**
 * The name of the network in the CNI configuration. For our own network it includes what happens to packets for a
 * removed pod, because CNIs differ in that.
 */
export function cniName(conflist: string): string {
  const { name } = JSON.parse(conflist) as { name: string };
  return name === 'holdfast' ? 'ptp, blackhole for pods that are gone' : name;
}
