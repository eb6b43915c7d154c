import { nodesOf } from '../../clusters/cluster/node-shell.ts';
import { proveProxy } from '../../clusters/cluster/proxy-proof.ts';
import { untilVerified, type VerifyOptions } from '../../clusters/cluster/verify.ts';
import type { ClusterInfo } from '../model/cluster.ts';

/** Resolves once a cluster is as it was made, or throws what still differs. Ways between nodes are proved where `routes` says so. */
export async function verifyCluster(
  info: ClusterInfo,
  { routes, ...options }: VerifyOptions & { readonly routes: boolean },
): Promise<void> {
  await untilVerified(info, options);
  const { signal } = options;
  if (routes) await proveProxy(nodesOf(info, signal), info.nodes, info.images.specimen, signal);
}
