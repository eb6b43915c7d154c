import assert from 'node:assert/strict';
import { UsageError } from '../model/usage-error.ts';
import { planExperiment } from '../plan/plan.ts';
import { experimentNames, loadExperiment } from '../run/experiments.ts';
import { checkFault, checkFaults } from './describe-fault.ts';

describe('the faults of an experiment', () => {
  for (const name of experimentNames()) {
    it(`are understood: ${name}`, async () => {
      const choices = { seed: 'a', settings: {}, arms: [], allArms: true };
      checkFaults(planExperiment(await loadExperiment(name), choices));
    });
  }

  it('are refused before anything starts, and it is said where', () => {
    const refused = (fault: string, params: { readonly [key: string]: string }, says: RegExp) =>
      assert.throws(
        () => checkFault({ name: fault, params }, 'arm a'),
        (error) => error instanceof UsageError && says.test(error.message),
      );
    refused('drain', { nodes: 'all' }, /^arm a: drain: nodes: /);
    refused('rollout', { speed: 'high' }, /^arm a: rollout: .*speed/);
    refused('meteor', {}, /unknown fault meteor/);
  });
});
