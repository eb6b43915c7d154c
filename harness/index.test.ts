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
      'a treatment without a disruption',
      { treatment: { disruptions: [] } },
      'arm treatment: it is a treatment arm, but it has no disruption',
    ],
    [
      'a treatment that expects a loss',
      { treatment: { expect: neither.expect } },
      'arm treatment: it is a treatment arm, but it expects loss',
    ],
    [
      'a treatment without a demand',
      { treatment: { expect: { kind: 'observed' } } },
      'arm treatment: it is a treatment arm, but it expects observed',
    ],
    [
      'a treatment that expects a placement but has traffic',
      { treatment: { expect: onNodes(3) } },
      'arm treatment: it is a treatment arm, but it expects placement although it has traffic',
    ],
    [
      'an unprotected arm without a disruption',
      { neither: { disruptions: [] } },
      'arm neither: it is an unprotected arm, but it has no disruption',
    ],
    [
      'an unprotected arm that expects no loss',
      { neither: { expect: noLoss() } },
      'arm neither: it is an unprotected arm, but it expects no-loss and has no demand',
    ],
    [
      'a control with a disruption',
      { control: { disruptions: [update] } },
      'arm control: it is a control arm, but it has disruptions',
    ],
    [
      'a control that may lose requests',
      { control: { expect: lossOfANode() } },
      'arm control: it is a control arm, but it expects bounded-loss',
    ],
    [
      'a treatment that may lose every request',
      {
        treatment: {
          expect: { kind: 'bounded-loss', causes: ['node-down'], afterwards: [], windowMs: 1000, shareAtMost: 1 },
        },
      },
      'arm treatment: it allows the loss of every request in a window',
    ],
    [
      'a treatment that may lose requests for unknown causes',
      {
        treatment: {
          expect: {
            kind: 'bounded-loss',
            causes: ['node-down'],
            afterwards: ['unattributed'],
            windowMs: 1000,
            shareAtMost: 0.5,
          },
        },
      },
      'arm treatment: it allows losses with the cause unattributed, which shows nothing about the workload',
    ],
    [
      'two disruptions with one id',
      { treatment: { disruptions: [update, update] } },
      'arm treatment: several disruptions have the id update',
    ],
    [
      'a disruption that waits for one of another arm',
      { treatment: { disruptions: [{ ...update, when: { after: 'drain', event: 'landed', delayMs: 0 } }] } },
      'arm treatment: update waits for drain, but this arm has no other disruption with that id',
    ],
  ] as const satisfies readonly (readonly [string, { [arm: string]: Partial<ArmSpec> }, string])[])
    it(`is refused with ${what}`, () =>
      assert.throws(
        () => declared(arms),
        (error) => error instanceof UsageError && error.message === `experiment rolling-update, ${says}`,
      ));

  it('is refused with a workload that does not name the Service of its clients', () => {
    const { serves: _, ...workload } = rollingUpdate.workload;
    assert.throws(
      () => declared({}, { workload: workload as Experiment['workload'] }),
      /^UsageError: experiment rolling-update: workload\.serves: must name the Service that clients use, such as /,
    );
  });

  it('is refused with phases that are too short, unless it sends no traffic', () => {
    const phases = { ...rollingUpdate.phases, baselineMs: 10 };
    assert.throws(
      () => declared({}, { phases }),
      /^UsageError: experiment rolling-update, arm control: its baselineMs is 10, but it must be at least 1000; arm/,
    );
    const placed = Object.keys(rollingUpdate.arms).map((name) => [name, { expect: onNodes(3), demands: [] }]);
    declared(Object.fromEntries(placed), { traffic: null, phases });
  });

  it('may expect a bounded loss, a placement without traffic, or a loss that a demand detects', () => {
    declared({ treatment: { expect: lossOfANode() } });
    declared({ neither: { expect: noLoss(), demands: [runningAtEnd(3)] } });
    const placed = { expect: onNodes(3), demands: [] };
    const arms = Object.keys(rollingUpdate.arms).map((name) => [name, placed]);
    declared(Object.fromEntries(arms), { traffic: null });
  });
});
