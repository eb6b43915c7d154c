import assert from 'node:assert/strict';
import type { Budget } from './experiment.ts';
import { desiredHealthy, factsOf } from './facts.ts';

const workload = {
  replicas: 3,
  maxSurge: 1,
  maxUnavailable: 0,
  readiness: true,
  preStopSeconds: 5,
  graceSeconds: 30,
  startDelayMs: 1000,
  drain: 'graceful',
  workMs: 0,
  strategy: 'RollingUpdate',
  budget: null,
  antiAffinity: 'none',
  antiAffinityOver: 'zone',
  scheduler: 'default-scheduler',
  busyWorkers: 0,
  dependency: false,
} as const;

describe('facts of a workload', () => {
  it('have a strategy with its numbers, or Recreate without numbers', () => {
    assert.deepEqual(factsOf({ workload }).strategy, { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 });
    assert.deepEqual(factsOf({ workload: { ...workload, strategy: 'Recreate' } }).strategy, { type: 'Recreate' });
  });

  it('have percentages as numbers of pods: surge rounded up, unavailable down, and never both 0', () => {
    const shares = (maxSurge: string, maxUnavailable: string, replicas: number) =>
      factsOf({ workload: { ...workload, maxSurge, maxUnavailable, replicas } }).strategy;
    assert.deepEqual(shares('25%', '25%', 3), { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 });
    assert.deepEqual(shares('50%', '50%', 5), { type: 'RollingUpdate', maxSurge: 3, maxUnavailable: 2 });
    assert.deepEqual(shares('0%', '25%', 3), { type: 'RollingUpdate', maxSurge: 0, maxUnavailable: 1 });
  });

  it('have no domain if no anti-affinity was planned', () => {
    assert.equal(factsOf({ workload }).antiAffinity, null);
    assert.deepEqual(factsOf({ workload: { ...workload, antiAffinity: 'required' } }).antiAffinity, {
      strength: 'required',
      over: 'zone',
    });
  });
});

describe('a budget', () => {
  const wants: readonly (readonly [Budget, number, number])[] = [
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
