import type { ClusterInfo } from '../../harness/model/cluster.ts';
import { type NodeObject, nodeRepair } from './node-repair.ts';
import { type Nodes, nodesOf, until } from './node-shell.ts';
import {
  kubeletsSilent,
  type Lease,
  type NodeStatus,
  nodesNotReady,
  type PodStatus,
  systemPodsNotReady,
} from './readiness.ts';
import { nodeContainers } from './remove.ts';

interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: { readonly [label: string]: string };
  };
}

interface Listing {
  readonly nodes: readonly (KubernetesObject & NodeObject & NodeStatus)[];
  readonly pods: readonly (KubernetesObject & PodStatus)[];
  readonly leases: readonly (KubernetesObject & Lease)[];
  readonly namespaces: readonly KubernetesObject[];
}

/** A lease is renewed four times in its duration (k/k `pkg/kubelet/util/nodelease`); 40 s is Kubernetes' own duration. */
const leaseDurationMs = { fast: 8_000, defaults: 40_000 } as const;

async function list(cluster: Nodes): Promise<Listing> {
  const get = async <T>(kind: string, ...where: string[]) =>
    (await cluster.kubectlJson<{ items: readonly T[] }>(['get', kind, ...where])).items;
  const [nodes, pods, leases, namespaces] = await Promise.all([
    get<Listing['nodes'][number]>('nodes'),
    get<Listing['pods'][number]>('pods', '--all-namespaces'),
    get<Listing['leases'][number]>('leases', '--namespace=kube-node-lease'),
    get<KubernetesObject>('namespaces'),
  ]);
  return { nodes, pods, leases, namespaces };
}

/** Nodes that do not run, as the engine says; without all of them the API need not be asked. */
async function containerProblems({ nodes, engineEnv, name }: ClusterInfo, signal?: AbortSignal): Promise<string[]> {
  const states = new Map((await nodeContainers(engineEnv, name, signal)).map(({ id, state }) => [id, state]));
  return nodes.flatMap((node) => {
    const state = states.get(node.container) ?? 'gone';
    return state === 'running' ? [] : [`node ${node.name} is ${state}`];
  });
}

function objectProblems(info: ClusterInfo, { nodes, pods, leases, namespaces }: Listing): string[] {
  const names = info.nodes.map(({ name }) => name);
  const timings = info.profile.nodeTimings === 'defaults' ? 'defaults' : 'fast';
  const since = new Date(Date.now() - leaseDurationMs[timings]);
  const system = pods.filter(({ metadata }) => metadata.namespace === 'kube-system');
  const changed = info.nodes.flatMap((node) => {
    const found = nodes.find(({ metadata }) => metadata.name === node.name);
    const patch = found && nodeRepair(found, node);
    return patch ? [`node ${node.name} has another cordon, taint or label: ${JSON.stringify(patch)}`] : [];
  });
  const terminating = pods
    .filter(({ metadata }) => metadata.deletionTimestamp)
    .map(({ metadata }) => `pod ${metadata.namespace}/${metadata.name} is Terminating`);
  const left = namespaces
    .filter(({ metadata }) => metadata.labels?.['holdfast.dev/run'] !== undefined)
    .map(({ metadata }) => `namespace ${metadata.name} of a run is there`);
  return [
    nodesNotReady({ items: nodes }, names),
    kubeletsSilent({ items: leases }, names, since),
    systemPodsNotReady({ items: system }, names),
    ...changed,
    ...terminating,
    ...left,
  ].filter((problem) => problem !== undefined);
}

/** Units of ours that still run on a node: the record of connections, or a timer. */
async function unitProblems(cluster: Nodes, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    names.map(async (node) => {
      const { stdout } = await cluster.run(node, ['systemctl', 'list-units', '--plain', '--no-legend', 'holdfast-*']);
      return stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => `node ${node} still runs ${line.split(' ')[0]}`);
    }),
  );
  return found.flat();
}

/** Everything that differs from how the cluster was made, in words; asked of the engine, the API and the nodes. Reads only. */
export async function clusterProblems(info: ClusterInfo, signal?: AbortSignal): Promise<string[]> {
  const cluster = nodesOf(info.name, info.engineEnv, signal);
  const notRunning = await containerProblems(info, signal);
  if (notRunning.length > 0) return notRunning;
  const names = info.nodes.map(({ name }) => name);
  const [objects, units] = await Promise.all([list(cluster), unitProblems(cluster, names)]);
  return [...objectProblems(info, objects), ...units];
}

/** Waits for what passes by itself, and throws with all that still differs. */
export const untilVerified = (info: ClusterInfo, limitMs: number, signal?: AbortSignal): Promise<void> =>
  until(
    'the cluster to be as it was made',
    limitMs,
    async () => (await clusterProblems(info, signal)).join('; ') || undefined,
    signal,
  );

const routesLimitMs = 30_000;

/**
 * Proves that packets get from node to node: through a ClusterIP, every node reaches pods on another one. CoreDNS is what
 * always runs, and its metrics are what it says over HTTP.
 */
export async function proveRoutes(info: ClusterInfo, signal?: AbortSignal): Promise<void> {
  const cluster = nodesOf(info.name, info.engineEnv, signal);
  const service = ['get', 'service', 'kube-dns', '--namespace=kube-system'];
  const { spec } = await cluster.kubectlJson<{ spec: { clusterIP: string } }>(service);
  const ask = ['curl', '--silent', '--fail', '--output', '/dev/null', '--max-time', '1'];
  const url = `http://${spec.clusterIP}:9153/metrics`;
  await Promise.all(
    info.nodes.map(({ name }) =>
      until(
        `CoreDNS answers on ${name}`,
        routesLimitMs,
        async () => {
          await cluster.run(name, [...ask, url]);
          return undefined;
        },
        signal,
      ),
    ),
  );
}
