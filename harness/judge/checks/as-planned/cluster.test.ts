import assert from 'node:assert/strict';
import type { ArmPlan } from '../../../model/plan.ts';
import type { Json } from '../../../model/units.ts';
import { armSettings, syntheticArm } from '../../../testing/worlds/run-files.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { Timeline } from '../../timeline/timeline.ts';
import { clusterAsPlanned } from './cluster.ts';

const second = 1e6;
const plan: ArmPlan = syntheticArm('treatment', armSettings.treatment).plan;

/**
 * The doubts about a Deployment of three replicas with one more planned as surge, whose replicas changed at these
 * seconds.
 */
function doubts(...had: readonly (readonly [at: number, replicas: number])[]): string[] {
  const timeline = new Timeline();
  const counts = { desired: 3, generation: 1, observedGeneration: 1, updated: 0, ready: 3, available: 3 };
  for (const [at, replicas] of had)
    timeline.see({
      at: at * second,
      source: 'deployment',
      type: 'modified',
      subject: 'web',
      data: { ...counts, replicas } as unknown as Json,
    });
  const phases = {
    baseline: { from: 5 * second, to: 10 * second },
    fault: { from: 10 * second, to: 30 * second },
    tail: { from: 30 * second, to: 40 * second },
  };
  return clusterAsPlanned({ plan, timeline, phases } as unknown as ArmEvidence).map(({ text }) => text);
}

describe('the replicas of a Deployment', () => {
  it('are no more than planned', () => {
    assert.deepEqual(doubts([1, 3], [11, 4], [20, 3]), []);
    assert.deepEqual(doubts([1, 3], [11, 5], [20, 3]), ['web had 5 replicas, and at most 4 were planned']);
    assert.deepEqual(doubts([1, 3], [11, 5]), ['web had 5 replicas, and at most 4 were planned']);
  });

  it('may be too many for a moment, while the status sums up two ReplicaSets', () =>
    assert.deepEqual(doubts([1, 3], [11, 4], [12, 5], [12.0002, 4], [20, 3]), []));

  it('are too many even if the excess consists of several counts in a row', () =>
    assert.deepEqual(doubts([1, 3], [11, 5], [11.9, 6], [12.8, 5], [13, 3]), [
      'web had 5 replicas, and at most 4 were planned',
    ]));
});
