import assert from 'node:assert/strict';
import type { ClusterNode, LabProfile } from '../../harness/model/cluster.ts';
import { changedNodes, wantsAnother } from './repair.ts';

const node = (name: string, container: string, ip: string): ClusterNode => ({
  name,
  container,
  ip,
  role: 'worker',
  zone: 'a',
  rack: 'rack-a',
  evidence: '/evidence',
});

const profile: LabProfile = {
  imageSource: 'built',
  kubernetes: 'v1.37.2',
  kind: 'v0.33.0',
  k6: 'v1.8.1',
  containerd: '1.7.24',
  engine: 'Docker',
  kernel: '6',
  cgroup: 'v2',
  cni: 'ptp',
  proxyMode: 'iptables',
  proxyMinSyncPeriod: '1s',
  nodeTimings: 'fast',
  schedulerProfiles: [],
  sysctls: {},
  digests: {},
};

describe('wantsAnother', () => {
  const info = { nodes: [node('c', '1', '10.0.0.2'), node('w', '2', '10.0.0.3')], profile };
  const asked = {
    shape: { name: 'lab', workers: 1, nodeTimings: 'fast', proxyMode: 'iptables' },
    image: 'auto',
    kubernetes: '1.37',
  } as const;

  it('accepts a cluster with the requested properties', () => {
    assert.equal(wantsAnother(info, asked), undefined);
    assert.equal(wantsAnother(info, { ...asked, kubernetes: 'v1.37.2', image: 'built' }), undefined);
  });

  it('names the differences', () => {
    const shape = { ...asked.shape, workers: 4 };
    assert.equal(wantsAnother(info, { ...asked, shape }), 'it has 1 workers instead of 4');
    const nftables = { ...asked.shape, proxyMode: 'nftables' } as const;
    assert.equal(wantsAnother(info, { ...asked, shape: nftables }), 'its kube-proxy is in iptables mode');
    assert.equal(wantsAnother(info, { ...asked, image: 'stock' }), 'its node image is built');
    assert.equal(wantsAnother(info, { ...asked, kubernetes: '1.3' }), 'it runs Kubernetes v1.37.2');
    assert.equal(wantsAnother(info, { ...asked, kubernetes: '1.37.1' }), 'it runs Kubernetes v1.37.2');
  });
});

describe('changedNodes', () => {
  const recorded = [node('a', '1', '10.0.0.2')];

  it('accepts the same containers with other addresses', () => {
    assert.equal(changedNodes(recorded, [node('a', '1', '10.0.0.9')]), undefined);
  });

  it('names the node with another container', () => {
    assert.equal(changedNodes(recorded, [node('a', '2', '10.0.0.2')]), 'the container of node a was replaced');
    assert.equal(changedNodes(recorded, []), 'the container of node a was replaced');
  });
});
