import { nodesOf } from '../../../clusters/cluster/node-shell.ts';
import { proveProxy } from '../../../clusters/cluster/proxy-proof.ts';
import { untilVerified, type VerifyOptions } from '../../../clusters/cluster/verify.ts';
import type { ClusterInfo } from '../../model/cluster.ts';

/**
 * Resolves when a cluster is clean, or throws what still differs. If `routes` is set, the routes between nodes are
 * tested too.
 */
export async function verifyCluster(
  info: ClusterInfo,
  { routes, ...options }: VerifyOptions & { readonly routes: boolean },
): Promise<void> {
  await untilVerified(info, options);
  const { signal } = options;
  if (routes) await proveProxy(nodesOf(info, signal), info.nodes, info.images.specimen, signal);
}
