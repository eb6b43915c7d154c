import type { ClusterInfo } from '../../harness/model/cluster.ts';
import { nodesOf, until } from './node-shell.ts';
import { nodesNotReady } from './readiness.ts';

/** Everything that differs from how the cluster was made, in words. */
export async function clusterProblems(info: ClusterInfo, signal?: AbortSignal): Promise<string[]> {
  const cluster = nodesOf(info.name, info.engineEnv, signal);
  const found = nodesNotReady(
    await cluster.kubectlJson(['get', 'nodes']),
    info.nodes.map(({ name }) => name),
  );
  return found ? [found] : [];
}

/** Waits until nothing differs any more. */
export const untilVerified = (info: ClusterInfo, limitMs: number, signal?: AbortSignal): Promise<void> =>
  until(
    'the cluster as it was made',
    limitMs,
    async () => (await clusterProblems(info, signal)).join('; ') || undefined,
    signal,
  );

/** Cross-node traffic. */
export async function proveRoutes(_info: ClusterInfo, _signal?: AbortSignal): Promise<void> {}
