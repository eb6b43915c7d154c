import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type KindConfigInput, kindConfig } from './config.ts';

const input: KindConfigInput = {
  name: 'lab',
  workers: 4,
  nodeTimings: 'fast',
  proxyMode: 'iptables',
  ownPodNetwork: true,
  cgroupVersion: '1',
  kubernetes: 'v1.37.2',
  evidence: (node) => `/state/evidence/${node}`,
  schedulerConfig: '/state/scheduler-config.yaml',
};

interface Patch {
  readonly kind: string;
  readonly [key: string]: unknown;
}

const patchOf = (config: string, kind: string): Patch => {
  const { kubeadmConfigPatches } = parse(config) as { kubeadmConfigPatches: string[] };
  const found = kubeadmConfigPatches.map((text) => parse(text) as Patch).find((patch) => patch.kind === kind);
  assert.ok(found, `no patch of ${kind}`);
  return found;
};

describe('kindConfig', () => {
  it('equals the golden file for the default lab', () => {
    assert.equal(kindConfig(input), readFileSync(new URL('golden/one-plus-four.yaml', import.meta.url), 'utf8'));
  });

  it('equals the golden file for kube-proxy in nftables mode', () => {
    const config = kindConfig({ ...input, proxyMode: 'nftables', workers: 1 });
    assert.equal(config, readFileSync(new URL('golden/nftables.yaml', import.meta.url), 'utf8'));
  });

  it('allows cgroup v1 only on hosts with cgroup v1', () => {
    assert.equal(patchOf(kindConfig(input), 'KubeletConfiguration').failCgroupV1, false);
    assert.ok(!('failCgroupV1' in patchOf(kindConfig({ ...input, cgroupVersion: '2' }), 'KubeletConfiguration')));
  });

  it('leaves out fields that an older kubelet would reject', () => {
    const kubelet = patchOf(kindConfig({ ...input, kubernetes: 'v1.34.4' }), 'KubeletConfiguration');
    assert.ok(!('failCgroupV1' in kubelet));
    assert.ok(!('crashLoopBackOff' in kubelet));
    assert.equal(kubelet.nodeLeaseDurationSeconds, 8);
  });

  it('writes arguments as a map before kubeadm’s v1beta4', () => {
    const { etcd } = patchOf(kindConfig({ ...input, kubernetes: 'v1.35.4' }), 'ClusterConfiguration');
    assert.deepEqual(etcd, { local: { extraArgs: { 'unsafe-no-fsync': 'true' } } });
  });

  it('changes no default timing', () => {
    const config = kindConfig({ ...input, nodeTimings: 'defaults', cgroupVersion: '2' });
    assert.deepEqual(patchOf(config, 'KubeletConfiguration'), { kind: 'KubeletConfiguration' });
    assert.ok(!config.includes('node-monitor'));
    assert.ok(!config.includes('toleration'));
  });

  it('keeps kind’s own pod network if the image has one', () => {
    const config = parse(kindConfig({ ...input, ownPodNetwork: false })) as {
      networking: { disableDefaultCNI: boolean };
    };
    assert.equal(config.networking.disableDefaultCNI, false);
  });
});
