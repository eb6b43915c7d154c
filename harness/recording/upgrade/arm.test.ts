import assert from 'node:assert/strict';
import type { ArmFile } from '../../model/arm-file.ts';
import type { RunPlan } from '../../model/plan.ts';
import { upgradeArm } from './arm.ts';

const run = (startedAt: string, proxyMode = 'iptables') => ({ startedAt, lab: { proxyMode } }) as RunPlan;
const plan = { name: 'control', workload: { replicas: 3 }, traffic: { freshPerSecond: 1 } };
const upgraded = (value: unknown, of?: RunPlan) => upgradeArm(value, { run: of }) as ArmFile;

describe('an arm.json without a schema', () => {
  it('is the plan, with the fields that it lacks', () => {
    const file = upgraded(plan);
    assert.deepEqual(
      [file.schema, file.id, file.run, file.experiment, file.cluster, file.profile, file.clocks],
      ['holdfast.arm/3', null, null, null, null, null, []],
    );
    assert.deepEqual(file.plan.traffic, { freshPerSecond: 1, from: 'control-plane' });
    assert.equal(file.plan.workload.facts.replicas, 3);
    assert.deepEqual(file.plan.demands, []);
  });

  it('has the kinds of evidence that recorders collected at that time', () => {
    const first = upgraded(plan, run('2026-11-20T00:00:00Z')).recorded;
    assert.deepEqual(first, [
      'pod',
      'endpointslice',
      'deployment',
      'node',
      'k8s-event',
      'clock',
      'workload',
      'requests',
      'conntrack',
    ]);
    const budgets = { ...plan, workload: { replicas: 3, budget: null } };
    const later = upgraded(budgets, run('2026-11-25T00:00:00Z')).recorded;
    assert.deepEqual(
      later.filter((what) => !first.includes(what)),
      ['lease', 'api-server', 'iptables-rules'],
    );
    assert.ok(!upgraded(budgets, run('2026-11-25T00:00:00Z', 'ipvs')).recorded.includes('iptables-rules'));
    assert.ok(
      !upgraded({ ...budgets, traffic: null }, run('2026-11-25T00:00:00Z')).recorded.includes('iptables-rules'),
    );
    assert.ok(upgraded(budgets, run('2026-11-29T00:00:00Z')).recorded.includes('signs-of-life'));
  });
});

describe('an arm.json of holdfast.arm/2', () => {
  const second = { schema: 'holdfast.arm/2', id: 'one', experiment: 'before', recorded: ['pod'], plan };

  it('gets the current schema and plan, and keeps everything else', () => {
    const { schema, plan: newPlan, ...rest } = upgraded(second);
    assert.equal(schema, 'holdfast.arm/3');
    assert.deepEqual(newPlan, upgraded(plan).plan);
    assert.deepEqual(rest, { id: 'one', experiment: 'before', recorded: ['pod'] });
  });

  it('names its experiment by the identity after the upgrade of the plan', () => {
    const identities = new Map([['before', 'after']]);
    assert.equal((upgradeArm(second, { identities }) as ArmFile).experiment, 'after');
    assert.equal((upgradeArm({ ...second, experiment: 'other' }, { identities }) as ArmFile).experiment, 'other');
  });
});

describe('an arm.json of the newest schema', () => {
  it('is unchanged', () => {
    const file = { ...upgraded(plan), id: 'one', recorded: ['pod'] };
    assert.deepEqual(upgraded(file, run('2026-11-29T00:00:00Z')), file);
  });
});

describe('anything but an object', () => {
  it('is unchanged', () => {
    for (const value of [null, 7, 'x', [1]]) assert.deepEqual(upgradeArm(value, {}), value);
    assert.deepEqual(upgradeArm({ schema: 'holdfast.arm/2', plan: 7 }, {}), {
      schema: 'holdfast.arm/3',
      plan: 7,
    });
  });
});
