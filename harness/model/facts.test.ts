import assert from 'node:assert/strict';
import { type BudgetLimit, desiredHealthy, preStopSleep, rollingLimits, type Strategy } from './facts.ts';

describe('the limits of a rolling update', () => {
  const limits = (strategy: Strategy, replicas = 3) => rollingLimits({ strategy, replicas });
  const rolling = (maxSurge: number | string, maxUnavailable: number | string, replicas?: number) =>
    limits({ type: 'RollingUpdate', maxSurge, maxUnavailable }, replicas);

  it('are numbers of pods, and no other strategy has any', () => {
    assert.deepEqual(rolling(1, 0), { maxSurge: 1, maxUnavailable: 0 });
    assert.equal(limits({ type: 'Recreate' }), undefined);
    assert.equal(limits({ type: 'OnDelete' }), undefined);
  });

  it('round surge up and unavailable down, and are never both 0', () => {
    assert.deepEqual(rolling('25%', '25%', 3), { maxSurge: 1, maxUnavailable: 0 });
    assert.deepEqual(rolling('50%', '50%', 5), { maxSurge: 3, maxUnavailable: 2 });
    assert.deepEqual(rolling('0%', '25%', 3), { maxSurge: 0, maxUnavailable: 1 });
  });
});

describe('the preStop sleep of a container', () => {
  const preStop = { server: { sleepSeconds: 5 }, other: { exec: ['sleep', '5'] } };
  it('is 0 without a hook, and unknown for a command', () =>
    assert.deepEqual(
      ['server', 'other', 'third', 'constructor'].map((container) => preStopSleep({ preStop }, container)),
      [5, undefined, 0, 0],
    ));
});

describe('a budget', () => {
  const wants: readonly (readonly [BudgetLimit, number, number])[] = [
    [{ minAvailable: 2 }, 3, 2],
    [{ minAvailable: 2 }, 5, 2],
    [{ minAvailable: '67%' }, 3, 3],
    [{ minAvailable: '50%' }, 3, 2],
    [{ maxUnavailable: 1 }, 3, 2],
    [{ maxUnavailable: '30%' }, 3, 2],
    [{ maxUnavailable: 5 }, 3, 0],
  ];
  for (const [budget, pods, healthy] of wants)
    it(`of ${JSON.stringify(budget)} wants ${healthy} of ${pods} pods healthy`, () =>
      assert.equal(desiredHealthy(budget, pods), healthy));
});
