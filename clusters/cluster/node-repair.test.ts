import assert from 'node:assert/strict';
import { nodeRepair } from './node-repair.ts';

const worker = { role: 'worker', zone: 'a', rack: 'rack-a' } as const;
const labels = { 'kubernetes.io/hostname': 'w', 'topology.kubernetes.io/zone': 'a', rack: 'rack-a' };
const made = { metadata: { name: 'w', labels }, spec: {} };

describe('nodeRepair', () => {
  it('does not change a node in its original state', () => {
    assert.equal(nodeRepair(made, worker), undefined);
  });

  it('uncordons, and removes the taint of the cordon', () => {
    const taints = [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }];
    assert.deepEqual(nodeRepair({ ...made, spec: { unschedulable: true, taints } }, worker), {
      spec: { unschedulable: null, taints: [] },
    });
  });

  it('removes labels of others, restores ours, and keeps those of Kubernetes', () => {
    const changed = { 'kubernetes.io/hostname': 'w', 'topology.kubernetes.io/zone': 'b', batch: '7' };
    assert.deepEqual(nodeRepair({ ...made, metadata: { name: 'w', labels: changed } }, worker), {
      metadata: { labels: { 'topology.kubernetes.io/zone': 'a', rack: 'rack-a', batch: null } },
      spec: {},
    });
  });

  it('keeps or restores the taint of the control plane', () => {
    const taint = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };
    const controlPlane = { role: 'control-plane', zone: '', rack: '' } as const;
    const bare = { metadata: { name: 'c', labels: {} }, spec: {} };
    assert.equal(nodeRepair({ ...bare, spec: { taints: [taint] } }, controlPlane), undefined);
    assert.deepEqual(nodeRepair(bare, controlPlane), { spec: { taints: [taint] } });
  });
});
