import type { Nodes } from './node-shell.ts';

/** On the generator's node. A SYN to a pod that is gone is forgotten before its source port comes round again. */
export const generatorSysctls = { 'net.netfilter.nf_conntrack_tcp_timeout_syn_sent': '3' } as const;

/** Eight times as much as another node: a generator that has to wait for a processor sends late. */
const cpuShares = 8192;

/** Sets its sysctls, now and again whenever the node starts, and its part of a busy processor. */
export async function tuneGenerator(cluster: Nodes, node: string): Promise<void> {
  await cluster.$`docker update --cpu-shares ${cpuShares} ${node}`;
  const file = '/etc/sysctl.d/60-holdfast.conf';
  const lines = Object.entries(generatorSysctls).map(([name, value]) => `${name} = ${value}\n`);
  await cluster.run(node, ['cp', '/dev/stdin', file], lines.join(''));
  await cluster.run(node, ['sysctl', '--quiet', '--load', file]);
}
