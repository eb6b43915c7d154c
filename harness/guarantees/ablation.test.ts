import assert from 'node:assert/strict';
import rollingUpdate from '../../experiments/rolling-update.ts';
import { experiment, loss } from '../index.ts';
import { planExperiment } from '../plan/plan.ts';
import { checkPlan } from '../run/check-plan.ts';
import { ablation } from './ablation.ts';
import { preStop } from './pre-stop.ts';
import { readiness } from './probes.ts';
import { guarantees } from './registry.ts';

describe('an ablation', () => {
  const { control = assert.fail(), treatment = assert.fail() } = rollingUpdate.arms;
  const { disruptions } = treatment;

  it('has one unprotected arm for each guarantee, which lacks only that one', () => {
    const arms = ablation([readiness, preStop], {
      disruptions,
      expect: (without) =>
        loss({ atLeast: 10, causes: [without === 'readiness' ? 'not-listening-yet' : 'terminated-still-routed'] }),
    });
    assert.deepEqual(Object.keys(arms), ['without-readiness', 'without-pre-stop']);
    const own = experiment({ ...rollingUpdate, arms: { control, treatment, ...arms } });
    const plan = planExperiment(own, { seed: 'a', settings: {}, arms: [], allArms: true });
    checkPlan(plan);
    const facts = (name: string) => plan.arms.find((arm) => arm.name === name)?.workload.facts;
    assert.deepEqual(facts('without-readiness'), { ...facts('treatment'), readiness: {} });
    assert.deepEqual(facts('without-pre-stop'), { ...facts('treatment'), preStop: {} });
    const says = plan.arms.flatMap((arm) => (arm.role === 'unprotected' ? [arm.says] : [])).sort();
    assert.deepEqual(says, ['no preStop hook', 'no readiness probe']);
  });

  it('gives every guarantee the name of an arm', () => {
    const expect = loss({ atLeast: 1, causes: ['node-down'] });
    const names = Object.keys(ablation(guarantees, { disruptions, expect }));
    assert.equal(new Set(names).size, guarantees.length);
    for (const name of names) assert.match(name, /^without-[a-z-]{4,21}$/);
  });
});
