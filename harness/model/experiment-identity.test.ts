import assert from 'node:assert/strict';
import experiment from '../../experiments/rolling-update.ts';
import { planExperiment } from '../plan/plan.ts';
import { parseSettings } from '../plan/settings.ts';
import { digestOf } from './digest.ts';
import { experimentIdentity } from './experiment-identity.ts';
import type { ExperimentPlan } from './plan.ts';

const planned = (choices: object = {}): ExperimentPlan =>
  planExperiment(experiment, { seed: 'seed', settings: {}, arms: [], allArms: false, ...choices });
const identity = experimentIdentity(planned());

describe('the identity of an experiment', () => {
  it('is its name and a digest', () => assert.match(identity, /^rolling-update@[0-9a-f]{32}$/));

  it('does not depend on the order, the number of runs or the description of arms', () => {
    assert.equal(experimentIdentity(planned({ seed: 'another' })), identity);
    assert.equal(experimentIdentity(planned({ repeat: 3 })), identity);
    const { arms, ...rest } = planned();
    const others = arms.map((arm) => ({ ...arm, says: 'in other words', namespace: 'elsewhere' }));
    assert.equal(experimentIdentity({ ...rest, title: 'T', claims: [], arms: others } as ExperimentPlan), identity);
  });

  it('changes with the question and with what is done', () => {
    const plan = planned();
    const withArm = (change: object): ExperimentPlan => ({
      ...plan,
      arms: plan.arms.map((arm) => (arm.name === 'treatment' ? { ...arm, ...change } : arm)),
    });
    const others = [
      { ...plan, name: 'other' },
      { ...plan, question: 'Another?' },
      planned({ arms: ['control', 'treatment'] }),
      planned({ settings: parseSettings(['treatment.preStop=1']) }),
      withArm({ role: 'unprotected' }),
      withArm({ disruptions: [] }),
      withArm({ expect: { kind: 'observed' } }),
      withArm({ demands: [{ kind: 'recovery', withinMs: 1 }] }),
      withArm({ phases: { warmupMs: 1, baselineMs: 1, quietMs: 1, tailMs: 1 } }),
      withArm({ traffic: null }),
    ];
    assert.equal(new Set([identity, ...others.map(experimentIdentity)]).size, others.length + 1);
  });
});

describe('a digest', () => {
  it('depends on the order of lists but not of keys', () => {
    assert.equal(digestOf({ a: 1, b: { c: 2, d: 3 } }), digestOf({ b: { d: 3, c: 2 }, a: 1 }));
    assert.notEqual(digestOf([1, 2]), digestOf([2, 1]));
    assert.equal(digestOf({ a: 1, b: undefined }), digestOf({ a: 1 }));
  });
});
