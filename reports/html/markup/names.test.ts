import assert from 'node:assert/strict';
import type { ArmStory, PodLane } from '../../../harness/model/finding.ts';
import { passingRun } from '../../testing/rollout-runs.ts';
import { inOrder } from '../pod-order.ts';
import { shortNames } from './names.ts';

let treatment: ArmStory;
const judge = async () => {
  const arms = (await passingRun()).experiments.flatMap((experiment) => experiment.arms);
  treatment = arms.find(({ name }) => name === 'treatment')?.story ?? assert.fail();
};

function named(pods: readonly string[], nodes: readonly string[]): ArmStory {
  const [lane] = treatment.pods;
  assert.ok(lane);
  return {
    ...treatment,
    pods: pods.map((pod) => ({ ...lane, pod, node: '' })),
    nodes: nodes.map((node) => ({ node, spans: [], outages: [], takenBy: [] })),
  };
}

describe('the names in a chart', () => {
  before(judge);

  it('are as short as possible while they differ', () => {
    const short = shortNames(named(['web-7c-2zxtp', 'web-79-kmr7x'], ['kind-control-plane', 'kind-worker2']));
    assert.deepEqual(['web-7c-2zxtp', 'web-79-kmr7x'].map(short.pod), ['2zxtp', 'kmr7x']);
    assert.deepEqual(['kind-control-plane', 'kind-worker2'].map(short.node), ['control-plane', 'worker2']);
    const workers = ['kind-worker', 'kind-worker2'];
    assert.deepEqual(workers.map(shortNames(named([], workers)).node), ['worker', 'worker2']);
  });

  it('are not shortened if their ends are equal', () => {
    const short = shortNames(named(['zk-0', 'redis-0'], ['node']));
    assert.deepEqual(['zk-0', 'redis-0'].map(short.pod), ['zk-0', 'redis-0']);
    assert.equal(short.node('node'), 'node');
  });
});

describe('the pods in a chart', () => {
  before(judge);

  it('are sorted by deletion, then by creation', () => {
    const ended = (lane: PodLane) => lane.bar.find(({ state }) => state === 'terminating')?.from ?? Infinity;
    const created = (lane: PodLane) => lane.bar[0]?.from ?? 0;
    const shuffled = { ...treatment, pods: treatment.pods.toReversed() };
    const lanes = inOrder(shuffled);
    assert.equal(lanes.length, 6);
    for (const [index, lane] of lanes.slice(1).entries()) {
      const last = lanes[index] ?? assert.fail();
      assert.ok(ended(last) < ended(lane) || (ended(last) === ended(lane) && created(last) < created(lane)), lane.pod);
    }
  });
});
