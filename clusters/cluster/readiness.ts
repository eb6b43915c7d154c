import { poll } from '../../harness/sys/clock.ts';
import { type Nodes, noProblem } from './node-shell.ts';
import { nameOf, type PrintedLease, type PrintedList, type PrintedNode, type PrintedPod } from './printed.ts';

const isReady = ({ status }: PrintedNode | PrintedPod) =>
  status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;

/** Which of the nodes are not Ready, in words; undefined if all are. */
export function nodesNotReady(list: PrintedList<PrintedNode>, expected: readonly string[]): string | undefined {
  const ready = new Set(list.items.filter(isReady).map(nameOf));
  const missing = expected.filter((node) => !ready.has(node));
  return missing.length === 0 ? undefined : `not Ready: ${missing.join(', ')}`;
}

/** Which pods of kube-system are not ready, in words; undefined if all are, and kube-proxy runs on every node. */
export function systemPodsNotReady(list: PrintedList<PrintedPod>, nodes: readonly string[]): string | undefined {
  const waiting = list.items.filter((pod) => pod.metadata?.deletionTimestamp || !isReady(pod));
  if (waiting.length > 0) return `not ready: ${waiting.map(nameOf).join(', ')}`;
  const proxied = new Set(
    list.items.filter((pod) => nameOf(pod).startsWith('kube-proxy-')).map(({ spec }) => spec?.nodeName),
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
  await poll('every node to be Ready', limitMs, signal, () =>
    noProblem(async () => nodesNotReady(await cluster.kubectlJson(['get', 'nodes']), nodes)),
  );
  await poll('every pod of kube-system to be ready', limitMs, signal, () =>
    noProblem(async () =>
      systemPodsNotReady(await cluster.kubectlJson(['get', 'pods', '--namespace=kube-system']), nodes),
    ),
  );
}

/** Which of the nodes' kubelets have not reported since, in words; undefined if all have. */
export function kubeletsSilent(
  list: PrintedList<PrintedLease>,
  nodes: readonly string[],
  since: Date,
): string | undefined {
  const renewed = new Set(
    list.items.filter(({ spec }) => spec?.renewTime && new Date(spec.renewTime) > since).map(nameOf),
  );
  const silent = nodes.filter((node) => !renewed.has(node));
  return silent.length === 0 ? undefined : `no lease renewed by ${silent.join(', ')}`;
}
