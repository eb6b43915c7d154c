import assert from 'node:assert/strict';
import { digestOf } from '../../model/digest.ts';
import { experimentIdentity } from '../../model/experiment-identity.ts';
import type { RunPlan } from '../../model/plan.ts';
import { identitiesOf } from './identities.ts';
import { upgradeArmPlan, upgradeRunPlan } from './plan.ts';

const demand = { kind: 'running-at-end', atLeast: 4 };
const demandsOf = (...demands: readonly unknown[]) => (upgradeArmPlan({ demands }) as { demands: unknown }).demands;

describe('the demands of an older plan', () => {
  it('ask for the revision of replicas that the version was of', () => {
    assert.deepEqual(demandsOf({ ...demand, version: '1' }), [{ ...demand, revision: 'old' }]);
    assert.deepEqual(demandsOf({ ...demand, version: '2' }), [{ ...demand, revision: 'new' }]);
  });

  it('are otherwise unchanged', () => {
    const others = [demand, { ...demand, revision: 'old' }, { ...demand, version: 7 }, { kind: 'recovery' }, null, 'x'];
    assert.deepEqual(demandsOf(...others), others);
    assert.deepEqual(upgradeArmPlan({ demands: 7 }), { demands: 7, workload: undefined, traffic: undefined });
    assert.deepEqual((upgradeArmPlan({}) as { demands: unknown }).demands, []);
  });
});

describe('the plan of a run', () => {
  const older = {
    schema: 'holdfast.plan/1',
    experiments: [{ name: 'one', arms: [{ name: 'control', workload: { replicas: 3 } }] }],
  };

  it('gets the current schema, workloads and no objects', () => {
    const { schema, experiments } = upgradeRunPlan(older) as RunPlan;
    assert.equal(schema, 'holdfast.plan/2');
    assert.equal(experiments[0]?.objects, null);
    assert.deepEqual(experiments[0]?.arms, [upgradeArmPlan(older.experiments[0]?.arms[0])]);
    assert.equal(experiments[0]?.arms[0]?.workload.facts.replicas, 3);
  });

  it('is unchanged if it is newer, or no plan', () => {
    for (const plan of [null, 7, [1], {}, { ...older, schema: 'holdfast.plan/2' }, { schema: 'holdfast.plan/9' }])
      assert.equal(upgradeRunPlan(plan), plan);
  });

  it('keeps what is no experiment and no arm', () => {
    const odd = { schema: 'holdfast.plan/1', experiments: [7, { arms: 7 }, { arms: [7, null] }] };
    assert.deepEqual(upgradeRunPlan(odd), {
      schema: 'holdfast.plan/2',
      experiments: [7, { arms: 7 }, { objects: null, arms: [7, null] }],
    });
    const none = { schema: 'holdfast.plan/1', experiments: 7 };
    assert.deepEqual(upgradeRunPlan(none), { schema: 'holdfast.plan/2', experiments: 7 });
  });
});

describe('the identities of experiments', () => {
  const planOf = (of: object): RunPlan =>
    ({
      schema: 'holdfast.plan/1',
      experiments: ['one', 'two'].map((name) => ({
        name,
        question: 'Does it?',
        arms: [{ name: 'treatment', workload: { replicas: 3 }, demands: [{ ...demand, ...(name === 'one' && of) }] }],
      })),
    }) as unknown as RunPlan;

  it('are known by those before an upgrade', () => {
    const recorded = planOf({ version: '1' });
    const upgraded = upgradeRunPlan(recorded) as RunPlan;
    const before = recorded.experiments.map(({ name, question, arms }) => {
      const [{ workload, demands } = assert.fail()] = arms;
      return `${name}@${digestOf({ question, arms: { treatment: { workload, demands } } })}`;
    });
    const after = upgraded.experiments.map(experimentIdentity);
    assert.notEqual(before[0], after[0]);
    assert.deepEqual(
      [...identitiesOf(recorded, upgraded)],
      before.map((identity, index) => [identity, after[index]]),
    );
  });
});
