import assert from 'node:assert/strict';
import { kubeletsSilent, nodesNotReady, systemPodsNotReady } from './readiness.ts';

const conditions = (status: string) => [
  { type: 'MemoryPressure', status: 'False' },
  { type: 'Ready', status },
];
const node = (name: string, ready: string) => ({
  metadata: { name },
  spec: {},
  status: { conditions: conditions(ready) },
});
const pod = (name: string, nodeName: string, ready: string) => ({
  metadata: { name },
  spec: { nodeName, containers: [] },
  status: { phase: 'Running', conditions: conditions(ready) },
});

describe('nodesNotReady', () => {
  it('names nodes that are missing or not Ready', () => {
    assert.equal(
      nodesNotReady({ items: [node('a', 'True'), node('b', 'Unknown')] }, ['a', 'b', 'c']),
      'not Ready: b, c',
    );
  });

  it('is undefined if all are Ready', () => {
    assert.equal(nodesNotReady({ items: [node('a', 'True')] }, ['a']), undefined);
  });
});

describe('systemPodsNotReady', () => {
  it('names pods that are not ready or are terminating', () => {
    const going = { ...pod('coredns-1', 'a', 'True'), metadata: { name: 'coredns-1', deletionTimestamp: 'now' } };
    assert.equal(
      systemPodsNotReady({ items: [going, pod('kube-proxy-1', 'a', 'False')] }, ['a']),
      'not ready: coredns-1, kube-proxy-1',
    );
  });

  it('requires kube-proxy on every node', () => {
    assert.equal(systemPodsNotReady({ items: [pod('kube-proxy-1', 'a', 'True')] }, ['a', 'b']), 'no kube-proxy on b');
  });

  it('is undefined if all are ready', () => {
    assert.equal(systemPodsNotReady({ items: [pod('kube-proxy-1', 'a', 'True')] }, ['a']), undefined);
  });
});

describe('kubeletsSilent', () => {
  const since = new Date('2026-01-01T00:00:10Z');
  const lease = (name: string, renewTime: string) => ({ metadata: { name }, spec: { renewTime } });

  it('does not count an earlier renewal', () => {
    const items = [lease('a', '2026-01-01T00:00:11.000000Z'), lease('b', '2026-01-01T00:00:09.000000Z')];
    assert.equal(kubeletsSilent({ items }, ['a', 'b'], since), 'no lease renewed by b');
  });

  it('checks only the given nodes', () => {
    assert.equal(kubeletsSilent({ items: [lease('a', '2026-01-01T00:00:11Z')] }, ['a'], since), undefined);
  });
});
