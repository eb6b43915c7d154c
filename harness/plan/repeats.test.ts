import assert from 'node:assert/strict';
import experiment from '../../experiments/rolling-update.ts';
import type { ArmSpec, Disruption } from '../model/experiment.ts';
import { armOf } from '../model/plan.ts';
import { UsageError } from '../model/usage-error.ts';
import { checkDeadline } from './deadline.ts';
import { type PlanChoices, planExperiment } from './plan.ts';
import { type Repeats, runsOf as repeatsOf } from './repeats.ts';
import { parseSettings } from './settings.ts';

const planned = (choices: Partial<PlanChoices>) =>
  planExperiment(experiment, { seed: 'seed', settings: {}, arms: [], allArms: false, ...choices });

const runsOf = (choices: Partial<PlanChoices>) => {
  const runs: { [arm: string]: number } = {};
  for (const arm of planned(choices).arms) runs[armOf(arm)] = (runs[armOf(arm)] ?? 0) + 1;
  return runs;
};
const claim = { confidence: 0.95, share: 0.05 };

describe('repeats', () => {
  it('run each disrupted arm this often, in its own folders and namespaces', () => {
    assert.deepEqual(runsOf({ repeat: 3 }), {
      control: 1,
      treatment: 3,
      'readiness-only': 3,
      'pre-stop-only': 3,
      neither: 3,
    });
    const { arms } = planned({ repeat: 3 });
    assert.equal(new Set(arms.map(({ namespace }) => namespace)).size, arms.length);
    const again = arms.filter(({ repeats }) => repeats === 'treatment');
    assert.deepEqual(again.map(({ name }) => name).sort(), ['treatment-2', 'treatment-3']);
    const [{ name: _, namespace: __, repeats: ___, ...second } = assert.fail()] = again;
    const { name: ____, namespace: _____, ...first } = arms.find(({ name }) => name === 'treatment') ?? assert.fail();
    assert.deepEqual(second, first);
  });

  const drain: Disruption = { id: 'it', when: { atMs: 0 }, fault: { name: 'drain', params: {} }, limitMs: 1 };
  const times = (role: ArmSpec['role'], disruptions: readonly Disruption[], choices: Repeats) =>
    repeatsOf('arm', { role, disruptions, expect: { kind: 'no-loss' } }, choices);

  it('are not for a control or an arm without a disruption', () =>
    assert.deepEqual(
      [
        times('control', [drain], { repeat: 3 }),
        times('treatment', [], { repeat: 3 }),
        times('treatment', [drain], { repeat: 3 }),
      ],
      [1, 1, 3],
    ));

  it('for a claim are fewer if an arm is disrupted several times', () => {
    assert.equal(times('treatment', [drain, drain], { until: claim }), 30);
    assert.equal(times('treatment', [drain, drain], { until: claim, repeat: 30 }), 30);
    assert.throws(
      () => times('treatment', [drain, drain], { until: claim, repeat: 29 }),
      /59 clean drains are needed, but at most 58 are run with --repeat 29\./,
    );
  });

  it('are ordered together with all other arms', () => {
    const orders = ['a', 'b', 'c', 'd'].map((seed) => planned({ repeat: 4, seed }).arms.map(({ name }) => name));
    assert.equal(new Set(orders.map(String)).size, 4);
    assert.ok(orders.some((names) => names.findIndex((name) => name.startsWith('treatment')) > 0));
    assert.deepEqual(
      planned({ repeat: 4, seed: 'a' }).arms.map(({ name }) => name),
      orders[0],
    );
  });

  it('keep the settings of their arm', () => {
    const { arms } = planned({ repeat: 2, settings: parseSettings(['treatment.preStop=1']) });
    const treatments = arms.filter((arm) => armOf(arm) === 'treatment');
    assert.deepEqual(
      treatments.map(({ workload }) => workload.facts.preStop),
      [{ server: { sleepSeconds: 1 } }, { server: { sleepSeconds: 1 } }],
    );
  });

  it('for a claim are as many as it needs, of treatments only, and the plan shows them', () => {
    assert.deepEqual(runsOf({ until: claim, arms: ['treatment', 'neither'] }), { treatment: 59, neither: 1 });
    assert.deepEqual(planned({ until: claim }).until, claim);
    assert.deepEqual(runsOf({ until: claim, repeat: 60, arms: ['treatment', 'neither'] }), {
      treatment: 60,
      neither: 60,
    });
  });

  for (const [what, choices, says] of [
    [
      'that so many runs cannot show',
      { until: claim, repeat: 20 },
      /59 clean rollouts are needed, but at most 20 are run with --repeat 20/,
    ],
    [
      'that no run shows',
      { until: { confidence: 0.99, share: 0.01 } },
      /459 clean rollouts are needed, but at most 300 are run/,
    ],
    ['without a treatment', { until: claim, arms: ['control', 'neither'] }, /needs a treatment arm with a disruption/],
  ] as const)
    it(`refuse a claim ${what}`, () =>
      assert.throws(
        () => planned(choices),
        (error) => error instanceof UsageError && says.test(error.message),
      ));

  it('are refused before the start if the deadline is too short', () => {
    const plan = planned({ until: claim });
    checkDeadline([plan], 3_600_000);
    const says =
      /^63 runs of arms take at least 36 min, but the deadline is 30 min\. Allow more time, such as --deadline 2h,/;
    assert.throws(
      () => checkDeadline([plan], 1_800_000),
      (error) => error instanceof UsageError && says.test(error.message),
    );
  });

  it('do not use the name of another arm', () => {
    const { treatment = assert.fail() } = experiment.arms;
    const taken = { ...experiment, arms: { ...experiment.arms, 'treatment-2': treatment } };
    const choices = { seed: 'seed', settings: {}, arms: [], allArms: false, repeat: 2 };
    assert.throws(
      () => planExperiment(taken, choices),
      /treatment cannot be repeated: another arm has the name treatment-2/,
    );
  });
});
