import type { ClusterNode } from '../../harness/model/cluster.ts';
import type { Nodes } from './node-shell.ts';

/**
 * Sysctls of every node that may send traffic. A SYN to a removed pod is forgotten before its source port is used
 * again.
 */
export const generatorSysctls = { 'net.netfilter.nf_conntrack_tcp_timeout_syn_sent': '3' } as const;

/** Eight times the weight of another node, because a generator that waits for the CPU sends late. */
const cpuShares = 8192;

/**
 * Sets the CPU weight of the node of the generators, and the sysctls of that node and of the last worker, which sends
 * the traffic if a fault disrupts the control plane. They are set again whenever the nodes start.
 */
export async function tuneGenerator(
  cluster: Nodes,
  generator: string,
  nodes: readonly Pick<ClusterNode, 'name' | 'role'>[],
): Promise<void> {
  await cluster.$`docker update --cpu-shares ${cpuShares} ${cluster.container(generator)}`;
  const standby = nodes.findLast(({ role }) => role === 'worker')?.name;
  const file = '/etc/sysctl.d/60-holdfast.conf';
  const lines = Object.entries(generatorSysctls).map(([name, value]) => `${name} = ${value}\n`);
  for (const node of [generator, standby]) {
    if (node === undefined) continue;
    await cluster.run(node, ['cp', '/dev/stdin', file], lines.join(''));
    await cluster.run(node, ['sysctl', '--quiet', '--load', file]);
  }
}
