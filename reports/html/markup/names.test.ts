import assert from 'node:assert/strict';
import type { ArmStory } from '../../../harness/model/finding.ts';
import { passingRun } from '../../sample/run.ts';
import { inOrder } from '../pod-order.ts';
import { shortNames } from './names.ts';

const treatment = passingRun().experiments[0]?.arms.find(({ name }) => name === 'treatment')?.story;

function named(pods: readonly string[], nodes: readonly string[]): ArmStory {
  assert.ok(treatment);
  const [lane] = treatment.pods;
  assert.ok(lane);
  return {
    ...treatment,
    pods: pods.map((pod) => ({ ...lane, pod, node: '' })),
    nodes: nodes.map((node) => ({ node, spans: [], outages: [], takenBy: [] })),
  };
}

describe('the names in a chart', () => {
  it('are as short as they can be told apart', () => {
    const short = shortNames(named(['web-7c-2zxtp', 'web-79-kmr7x'], ['kind-control-plane', 'kind-worker2']));
    assert.deepEqual(['web-7c-2zxtp', 'web-79-kmr7x'].map(short.pod), ['2zxtp', 'kmr7x']);
    assert.deepEqual(['kind-control-plane', 'kind-worker2'].map(short.node), ['control-plane', 'worker2']);
    const workers = ['kind-worker', 'kind-worker2'];
    assert.deepEqual(workers.map(shortNames(named([], workers)).node), ['worker', 'worker2']);
  });

  it('stay whole where their ends are alike', () => {
    const short = shortNames(named(['zk-0', 'redis-0'], ['node']));
    assert.deepEqual(['zk-0', 'redis-0'].map(short.pod), ['zk-0', 'redis-0']);
    assert.equal(short.node('node'), 'node');
  });
});

describe('the pods in a chart', () => {
  it('come in the order of their deletion, then of their creation', () => {
    assert.ok(treatment);
    const shuffled = { ...treatment, pods: treatment.pods.toReversed() };
    assert.deepEqual(
      inOrder(shuffled).map(({ pod }) => pod),
      treatment.pods.map(({ pod }) => pod),
    );
  });
});
