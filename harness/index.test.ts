import assert from 'node:assert/strict';
import rollingUpdate from '../experiments/rolling-update.ts';
import { experiment, lossOfANode, noLoss, onNodes, runningAtEnd } from './index.ts';
import type { ArmSpec, Experiment } from './model/experiment.ts';
import { UsageError } from './model/usage-error.ts';

const { treatment = assert.fail(), neither = assert.fail() } = rollingUpdate.arms;
const [update = assert.fail()] = treatment.disruptions;

const declared = (arms: { readonly [arm: string]: Partial<ArmSpec> }, change: Partial<Experiment> = {}) =>
  experiment({
    ...rollingUpdate,
    ...change,
    arms: Object.fromEntries(
      Object.entries({ ...rollingUpdate.arms, ...arms }).map(([name, arm]) => [
        name,
        { ...(rollingUpdate.arms[name] ?? treatment), ...arm },
      ]),
    ),
  });

describe('an experiment', () => {
  it('is what was declared', () => assert.equal(experiment(rollingUpdate), rollingUpdate));

  for (const [what, arms, says] of [
    [
      'a treatment in which nothing is done',
      { treatment: { disruptions: [] } },
      'arm treatment: it is a treatment, and nothing is done to it',
    ],
    [
      'a treatment that expects a loss',
      { treatment: { expect: neither.expect } },
      'arm treatment: it is a treatment, and expects loss',
    ],
    [
      'a treatment of which nothing is asked',
      { treatment: { expect: { kind: 'observed' } } },
      'arm treatment: it is a treatment, and expects observed',
    ],
    [
      'a treatment that asks placement beside traffic',
      { treatment: { expect: onNodes(3) } },
      'arm treatment: it is a treatment, and expects placement beside traffic',
    ],
    [
      'an unprotected arm in which nothing is done',
      { neither: { disruptions: [] } },
      'arm neither: it is an arm without protection, and nothing is done to it',
    ],
    [
      'an unprotected arm that expects no loss',
      { neither: { expect: noLoss() } },
      'arm neither: it is an arm without protection, and expects no-loss and demands nothing',
    ],
    [
      'a control in which something is done',
      { control: { disruptions: [update] } },
      'arm control: it is a control, and something is done to it',
    ],
    [
      'a control that may lose',
      { control: { expect: lossOfANode() } },
      'arm control: it is a control, and expects bounded-loss',
    ],
    [
      'two disruptions of one name',
      { treatment: { disruptions: [update, update] } },
      'arm treatment: several disruptions are called update',
    ],
    [
      'a disruption that waits for one of another arm',
      { treatment: { disruptions: [{ ...update, when: { after: 'drain', event: 'landed', delayMs: 0 } }] } },
      'arm treatment: update waits for drain, which is no other disruption of this arm',
    ],
  ] as const satisfies readonly (readonly [string, { [arm: string]: Partial<ArmSpec> }, string])[])
    it(`is refused with ${what}`, () =>
      assert.throws(
        () => declared(arms),
        (error) => error instanceof UsageError && error.message === `experiment rolling-update, ${says}`,
      ));

  it('may bound a loss, ask placement of pods alone, and see by a demand what was lost', () => {
    declared({ treatment: { expect: lossOfANode() } });
    declared({ neither: { expect: noLoss(), demands: [runningAtEnd(3)] } });
    const placed = { expect: onNodes(3), demands: [] };
    const arms = Object.keys(rollingUpdate.arms).map((name) => [name, placed]);
    declared(Object.fromEntries(arms), { traffic: null });
  });
});
