import assert from 'node:assert/strict';
import type { ArmPlan } from '../../model/plan.ts';
import { armPlan } from '../plan-schema.ts';
import { upgradeWorkload } from './workload.ts';

const settings = {
  replicas: 3,
  maxSurge: 1,
  maxUnavailable: 0,
  readiness: true,
  preStopSeconds: 5,
  graceSeconds: 30,
  startDelayMs: 3000,
  drain: 'graceful',
  workMs: 0,
};
const chosen = {
  ...settings,
  strategy: 'RollingUpdate',
  budget: null,
  antiAffinity: 'none',
  antiAffinityOver: 'hostname',
  scheduler: 'default-scheduler',
  busyWorkers: 0,
  dependency: false,
};

type Upgraded = Pick<ArmPlan, 'workload' | 'lab'>;
const upgraded = (change: object = {}): Upgraded => upgradeWorkload({ ...chosen, ...change }) as Upgraded;
const factsWith = (change: object) => upgraded(change).workload.facts;

describe('the settings of an older plan', () => {
  it('become facts, options and the lab', () =>
    assert.deepEqual(upgraded(), {
      workload: {
        name: 'specimen',
        owner: { kind: 'Deployment', name: 'web' },
        container: 'server',
        service: 'web',
        changes: [],
        options: {
          startDelayMs: { value: 3000 },
          drain: { value: 'graceful' },
          workMs: { value: 0 },
          dependency: { value: false },
        },
        facts: {
          replicas: 3,
          strategy: { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 },
          readiness: { server: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1, failureThreshold: 1 } },
          preStop: { server: { sleepSeconds: 5 } },
          grace: 30,
          budget: [],
          antiAffinity: [],
        },
        objects: null,
        changedForLab: [],
      },
      lab: { busyWorkers: 0, scheduler: 'default-scheduler' },
    }));

  it('have defaults if they could not be chosen yet', () => assert.deepEqual(upgradeWorkload(settings), upgraded()));

  it('may say that there is no probe and no hook', () => {
    assert.deepEqual(factsWith({ readiness: false }).readiness, {});
    assert.deepEqual(factsWith({ preStopSeconds: 0 }).preStop, {});
  });

  it('keep the numbers and percentages of a strategy as they were written', () => {
    const limits = { maxSurge: '25%', maxUnavailable: '10%' };
    assert.deepEqual(factsWith(limits).strategy, { type: 'RollingUpdate', ...limits });
    assert.deepEqual(factsWith({ strategy: 'Recreate' }).strategy, { type: 'Recreate' });
  });

  it('may have a budget', () => {
    for (const budget of [{ minAvailable: 2 }, { maxUnavailable: '30%' }])
      assert.deepEqual(factsWith({ budget }).budget, [budget]);
  });

  it('may have an anti-affinity', () =>
    assert.deepEqual(factsWith({ antiAffinity: 'required', antiAffinityOver: 'zone' }).antiAffinity, [
      { strength: 'required', over: 'zone' },
    ]));

  it('may have rare options, busy workers and another scheduler', () => {
    const { workload, lab } = upgraded({
      readyDelayMs: 5,
      requestsPerConnection: 7,
      busyWorkers: 3,
      scheduler: 'no-spread',
    });
    assert.deepEqual(
      [workload.options.readyDelayMs, workload.options.requestsPerConnection],
      [{ value: 5 }, { value: 7 }],
    );
    assert.deepEqual(lab, { busyWorkers: 3, scheduler: 'no-spread' });
  });

  it('are refused if a value is missing or has a wrong type', () => {
    const arm = (change: object) => ({
      name: 'treatment',
      role: 'treatment',
      says: '',
      namespace: '',
      traffic: null,
      phases: { warmupMs: 0, baselineMs: 0, quietMs: 0, tailMs: 0 },
      disruptions: [],
      expect: { kind: 'observed' },
      demands: [],
      ...upgradeWorkload({ ...chosen, ...change }),
    });
    const refused = (change: object) => armPlan.safeParse(arm(change)).error?.issues[0]?.path.join('.');
    assert.equal(refused({}), undefined);
    for (const wrong of [undefined, null, 'x', -1]) {
      assert.equal(refused({ replicas: wrong }), 'workload.facts.replicas');
      assert.equal(refused({ graceSeconds: wrong }), 'workload.facts.grace');
      assert.match(refused({ preStopSeconds: wrong }) ?? '', /^workload\.facts\.preStop/);
      assert.match(refused({ readiness: wrong }) ?? '', /^workload\.facts\.readiness/);
      assert.match(refused({ strategy: wrong }) ?? '', /^workload\.facts\.strategy/);
      assert.match(refused({ maxSurge: wrong }) ?? '', /^workload\.facts\.strategy/);
      assert.equal(refused({ busyWorkers: wrong }), 'lab.busyWorkers');
      assert.equal(refused({ scheduler: wrong }), 'lab.scheduler');
      assert.match(refused({ antiAffinity: wrong }) ?? '', /^workload\.facts\.antiAffinity/);
    }
    assert.match(refused({ budget: { minAvailable: 'all' } }) ?? '', /^workload\.facts\.budget/);
    assert.match(refused({ budget: 2 }) ?? '', /^workload\.facts\.budget/);
  });

  it('are unchanged if they are no object', () => {
    for (const workload of [undefined, null, 7, 'x', [1]]) assert.deepEqual(upgradeWorkload(workload), { workload });
  });
});
