import assert from 'node:assert/strict';
import type { Budget } from '../../../model/facts.ts';
import type { ArmPlan } from '../../../model/plan.ts';
import type { Json } from '../../../model/units.ts';
import { armSettings, syntheticArm } from '../../../testing/worlds/run-files.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { Timeline } from '../../timeline/timeline.ts';
import { clusterAsPlanned } from './cluster.ts';

const second = 1e6;
const plan: ArmPlan = syntheticArm('treatment', armSettings.treatment).plan;

const phases = {
  baseline: { from: 5 * second, to: 10 * second },
  fault: { from: 10 * second, to: 30 * second },
  tail: { from: 30 * second, to: 40 * second },
};

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
  return clusterAsPlanned({ plan, timeline, phases } as unknown as ArmEvidence).map(({ text }) => text);
}

interface Status {
  readonly name: string;
  readonly desired: number;
  readonly expected: number;
}

/** The doubts about budgets with these statuses, if these were planned for three replicas. */
function budgetDoubts(planned: readonly Budget[], ...statuses: readonly Status[]): string[] {
  const timeline = new Timeline();
  for (const { name, desired, expected } of statuses)
    timeline.see({
      at: second,
      source: 'budget',
      type: 'added',
      subject: name,
      data: { desiredHealthy: desired, currentHealthy: 3, expectedPods: expected, disruptionsAllowed: 1 },
    });
  const { workload } = plan;
  const withBudgets = { ...plan, workload: { ...workload, facts: { ...workload.facts, budget: planned } } };
  return clusterAsPlanned({ plan: withBudgets, timeline, phases } as unknown as ArmEvidence).map(({ text }) => text);
}

describe('disruption budgets', () => {
  const own = { minAvailable: 2 };
  const wide = { name: 'wide', minAvailable: '50%', selector: { matchLabels: { tier: 'front' } } };

  it('are as planned if each demands what was planned of its pods', () => {
    assert.deepEqual(budgetDoubts([own], { name: 'web', desired: 2, expected: 3 }), []);
    assert.deepEqual(
      budgetDoubts([own, wide], { name: 'web', desired: 2, expected: 3 }, { name: 'wide', desired: 4, expected: 8 }),
      [],
    );
  });

  it('were not planned, or demand something else', () => {
    const web = { name: 'web', desired: 2, expected: 3 };
    assert.deepEqual(budgetDoubts([], web), ['a disruption budget stood, and none was planned']);
    assert.deepEqual(budgetDoubts([own], web, { ...web, name: 'x' }), [
      'the disruption budget x stood, and was not planned',
    ]);
    assert.deepEqual(budgetDoubts([own], { ...web, desired: 1 }), ['the budget wanted 1 of 3 pods healthy, planned 2']);
    assert.deepEqual(budgetDoubts([own], { ...web, expected: 4 }), ['the budget expected 4 pods, planned 3']);
    assert.deepEqual(budgetDoubts([own, wide], web, { name: 'wide', desired: 3, expected: 8 }), [
      'the budget wide wanted 3 of 8 pods healthy, planned 4',
    ]);
  });
});

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
