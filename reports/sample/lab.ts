import type { LabProfile } from '../../harness/model/cluster.ts';

export const sampleLab: LabProfile = {
  imageSource: 'built',
  kubernetes: 'v1.37.0',
  kind: 'v0.33.0',
  k6: 'v1.8.1',
  containerd: '1.7.24',
  engine: 'docker 28.5.1',
  kernel: '6.18.5',
  cgroup: 'v1, hybrid',
  cni: 'kindnet',
  proxyMode: 'iptables',
  proxyMinSyncPeriod: '1s',
  nodeTimings: 'fast',
  schedulerProfiles: ['default-scheduler', 'no-spread'],
  sysctls: { 'net.netfilter.nf_conntrack_tcp_timeout_syn_sent': '3' },
  digests: {
    node: 'sha256:7be2d90c41f85a6cbd1a3f0e9d5f8c72b4be6d1f20a97c35e8f1ab64d0c93e17',
    k6: 'sha256:1c09a4ee57d2b3866f0d4c9b1e7a25f3980bc6d7e14f2a5b3c8d9e0f1a2b3c4d',
    specimen: 'sha256:e3b1f6a90d27c84510be92f7a6d3c8e14b5f09a2d7c6e8f3b1a0d9c4e5f6a7b8',
  },
};
