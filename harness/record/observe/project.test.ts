import assert from 'node:assert/strict';
import { nodeState } from './project.ts';

describe('what is recorded of a node', () => {
  it('is where it stands, and none of its other labels', () => {
    const labels = { 'topology.kubernetes.io/zone': 'a', rack: 'rack-a', secret: 'x' };
    const recorded = nodeState({ metadata: { name: 'w1', labels } });
    assert.deepEqual([recorded.zone, recorded.rack], ['a', 'rack-a']);
    assert.doesNotMatch(JSON.stringify(recorded), /secret/);
  });

  it('is nothing of where it stands without labels', () => {
    const { zone, rack } = nodeState({ metadata: { name: 'control-plane' } });
    assert.deepEqual([zone, rack], ['', '']);
  });
});
