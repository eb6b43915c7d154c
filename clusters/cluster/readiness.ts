import { type Nodes, until } from './node-shell.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
}

export interface NodeStatus {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly unschedulable?: boolean };
  readonly status: { readonly conditions?: readonly Condition[] };
}

export interface PodStatus {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly phase: string; readonly conditions?: readonly Condition[] };
}

interface List<T> {
  readonly items: readonly T[];
}

const isReady = (conditions: readonly Condition[] = []) =>
  conditions.some(({ type, status }) => type === 'Ready' && status === 'True');

/** Which of the nodes are not Ready, in words; undefined if all are. */
export function nodesNotReady(list: List<NodeStatus>, expected: readonly string[]): string | undefined {
  const ready = new Set(
    list.items.filter(({ status }) => isReady(status.conditions)).map(({ metadata }) => metadata.name),
  );
  const missing = expected.filter((node) => !ready.has(node));
  return missing.length === 0 ? undefined : `not Ready: ${missing.join(', ')}`;
}

/** Which pods of kube-system are not ready, in words; undefined if all are, and kube-proxy runs on every node. */
export function systemPodsNotReady(list: List<PodStatus>, nodes: readonly string[]): string | undefined {
  const waiting = list.items.filter(
    ({ metadata, status }) => metadata.deletionTimestamp || !isReady(status.conditions),
  );
  if (waiting.length > 0) return `not ready: ${waiting.map(({ metadata }) => metadata.name).join(', ')}`;
  const proxied = new Set(
    list.items.filter(({ metadata }) => metadata.name.startsWith('kube-proxy-')).map(({ spec }) => spec.nodeName),
  );
  const bare = nodes.filter((node) => !proxied.has(node));
  return bare.length === 0 ? undefined : `no kube-proxy on ${bare.join(', ')}`;
}

/** Waits until every node is Ready and everything in kube-system is, and CoreDNS serves. */
export async function waitUntilReady(
  cluster: Nodes,
  nodes: readonly string[],
  limitMs: number,
  signal?: AbortSignal,
): Promise<void> {
  await until(
    'every node to be Ready',
    limitMs,
    async () => nodesNotReady(await cluster.kubectlJson<List<NodeStatus>>(['get', 'nodes']), nodes),
    signal,
  );
  await until(
    'every pod of kube-system to be ready',
    limitMs,
    async () => systemPodsNotReady(await cluster.kubectlJson(['get', 'pods', '--namespace=kube-system']), nodes),
    signal,
  );
}

export interface Lease {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly renewTime?: string };
}

/** Which of the nodes' kubelets have not reported since, in words; undefined if all have. */
export function kubeletsSilent(list: List<Lease>, nodes: readonly string[], since: Date): string | undefined {
  const renewed = new Set(
    list.items
      .filter(({ spec }) => spec.renewTime !== undefined && new Date(spec.renewTime) > since)
      .map(({ metadata }) => metadata.name),
  );
  const silent = nodes.filter((node) => !renewed.has(node));
  return silent.length === 0 ? undefined : `no lease renewed by ${silent.join(', ')}`;
}
