import type { ClusterInfo } from '../../harness/model/cluster.ts';
import { poll } from '../../harness/sys/clock.ts';
import { nodeContainers } from './containers.ts';
import { nodeRepair } from './node-repair.ts';
import { type Nodes, nodesOf, noProblem } from './node-shell.ts';
import {
  nameOf,
  type PrintedLease,
  type PrintedList,
  type PrintedNode,
  type PrintedObject,
  type PrintedPod,
} from './printed.ts';
import { kubeletsSilent, nodesNotReady, systemPodsNotReady } from './readiness.ts';

interface Listing {
  readonly nodes: readonly PrintedNode[];
  readonly pods: readonly PrintedPod[];
  readonly leases: readonly PrintedLease[];
  readonly namespaces: readonly PrintedObject[];
  readonly priorityClasses: readonly PrintedObject[];
}

/** A lease is renewed four times in its duration (k/k `pkg/kubelet/util/nodelease`); 40 s is Kubernetes' own duration. */
const leaseDurationMs = { fast: 8_000, defaults: 40_000 } as const;

/** The label of all objects that runs create. */
const ofRuns = '--selector=holdfast.dev/run';

async function list(cluster: Nodes): Promise<Listing> {
  const get = async <T extends PrintedObject>(kind: string, ...where: string[]) =>
    (await cluster.kubectlJson<PrintedList<T>>(['get', kind, ...where])).items;
  const [nodes, pods, leases, namespaces, priorityClasses] = await Promise.all([
    get<PrintedNode>('nodes'),
    get<PrintedPod>('pods', '--all-namespaces'),
    get<PrintedLease>('leases', '--namespace=kube-node-lease'),
    get<PrintedObject>('namespaces', ofRuns),
    get<PrintedObject>('priorityclasses', ofRuns),
  ]);
  return { nodes, pods, leases, namespaces, priorityClasses };
}

/** Nodes that do not run according to the engine. If one does not run, the API is not asked. */
async function containerProblems({ nodes, engineEnv, name }: ClusterInfo, signal?: AbortSignal): Promise<string[]> {
  const states = new Map((await nodeContainers(engineEnv, name, signal)).map(({ id, state }) => [id, state]));
  return nodes.flatMap((node) => {
    const state = states.get(node.container) ?? 'gone';
    return state === 'running' ? [] : [`node ${node.name} is ${state}`];
  });
}

/** The differences between listed objects and the original state, as sentences. */
export function objectProblems(
  info: ClusterInfo,
  { nodes, pods, leases, namespaces, priorityClasses }: Listing,
  kept: readonly string[],
): string[] {
  const names = info.nodes.map(({ name }) => name);
  const timings = info.profile.nodeTimings === 'defaults' ? 'defaults' : 'fast';
  const since = new Date(Date.now() - leaseDurationMs[timings]);
  const system = pods.filter(({ metadata }) => metadata?.namespace === 'kube-system');
  const changed = info.nodes.flatMap((node) => {
    const found = nodes.find((each) => nameOf(each) === node.name);
    const patch = found && nodeRepair(found, node);
    return patch ? [`node ${node.name} has a different cordon, taint or label: ${JSON.stringify(patch)}`] : [];
  });
  const terminating = pods
    .filter(({ metadata }) => metadata?.deletionTimestamp)
    .map((pod) => `pod ${pod.metadata?.namespace}/${nameOf(pod)} is Terminating`);
  const left = [
    ...namespaces
      .map(nameOf)
      .filter((name) => !kept.includes(name))
      .map((name) => `namespace ${name} of a run still exists`),
    ...priorityClasses.map((each) => `priority class ${nameOf(each)} of a run still exists`),
  ];
  return [
    nodesNotReady({ items: nodes }, names),
    kubeletsSilent({ items: leases }, names, since),
    systemPodsNotReady({ items: system }, names),
    ...changed,
    ...terminating,
    ...left,
  ].filter((problem) => problem !== undefined);
}

/** Traces of faults: units, timers, rules and saved configurations with our name, and a delay of the network interface. */
const traces = `
systemctl list-units --all --plain --no-legend 'holdfast-*' | cut -d' ' -f1
nft list tables | grep -w holdfast
find /etc/kubernetes /var/lib/kubelet -maxdepth 1 -name '*.holdfast'
tc qdisc show dev eth0 | grep netem
true`;

/** The traces of faults on nodes that run. */
async function traceProblems(cluster: Nodes, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    names.map(async (node) => {
      const { stdout } = await cluster.run(node, ['sh', '-c', traces]);
      return stdout
        .split('\n')
        .filter(Boolean)
        .map((trace) => `node ${node} still has ${trace}`);
    }),
  );
  return found.flat();
}

export interface VerifyOptions {
  /** The namespaces of a run that were kept on purpose. */
  readonly kept?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** All differences from the original state, as sentences, from the engine, the API and the nodes. Reads only. */
export async function clusterProblems(info: ClusterInfo, { kept = [], signal }: VerifyOptions = {}): Promise<string[]> {
  const cluster = nodesOf(info, signal);
  const notRunning = await containerProblems(info, signal);
  if (notRunning.length > 0) return notRunning;
  const names = info.nodes.map(({ name }) => name);
  const [objects, traces] = await Promise.all([list(cluster), traceProblems(cluster, names)]);
  return [...objectProblems(info, objects, kept), ...traces];
}

const verifyLimitMs = 90_000;

/** Waits until the cluster is clean. Throws with all differences after the time limit. */
export async function untilVerified(info: ClusterInfo, options: VerifyOptions = {}): Promise<void> {
  await poll('the cluster to be clean', verifyLimitMs, options.signal, () =>
    noProblem(async () => (await clusterProblems(info, options)).join('; ') || undefined),
  );
}
