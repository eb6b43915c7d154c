import type { ClusterInfo } from '../../../harness/model/cluster.ts';
import { plannedNodes } from '../../kind/shape.ts';
import { bridgeName, networkName } from '../../network/network.ts';
import { evidenceFolder, kubeconfigFile } from '../state.ts';

/** Makes an id like the engine's, from a letter and the node's number. */
export const sampleId = (letter: string, index: number): string => `${letter}${String(index).padStart(63, '0')}`;

/** The record of a cluster with one worker, as `cluster up` writes it. */
export function sampleRecord(name: string): ClusterInfo {
  const nodes = plannedNodes({ name, workers: 1 }).map((node, index) => ({
    ...node,
    ip: `10.213.0.${index + 2}`,
    container: sampleId('a', index),
    evidence: evidenceFolder(name, node.name),
  }));
  const network = networkName(name);
  return {
    name,
    createdAt: '2026-11-28T07:15:00.000Z',
    kubeconfig: kubeconfigFile(name),
    network: { id: sampleId('b', 0), name: network, subnet: '10.213.0.0/24', bridge: bridgeName(network) },
    engineEnv: {},
    nodes,
    generatorNode: `${name}-control-plane`,
    images: { k6: 'holdfast/k6:1', specimen: 'holdfast/specimen:1' },
    identity: {
      kubeSystemUid: '9bd1a1b5-8b5e-4a6f-9d0d-6f6c1d1d5a11',
      caSha256: 'c'.repeat(64),
      containers: nodes.map(({ container }) => container),
    },
    profile: {
      imageSource: 'built',
      kubernetes: 'v1.37.2',
      kind: 'v0.33.0',
      k6: 'v1.8.1',
      containerd: '1.7.24',
      engine: 'Docker 27.0, overlay2, cgroup v2',
      kernel: '6.12.0',
      cgroup: 'v2',
      cni: 'ptp, blackhole for pods that are gone',
      proxyMode: 'iptables',
      proxyMinSyncPeriod: '1s',
      nodeTimings: 'fast',
      schedulerProfiles: ['default-scheduler', 'no-spread'],
      sysctls: { 'net.netfilter.nf_conntrack_tcp_timeout_syn_sent': '3' },
      digests: { node: `sha256:${'d'.repeat(64)}`, k6: 'e'.repeat(16), specimen: 'f'.repeat(16) },
    },
  };
}
