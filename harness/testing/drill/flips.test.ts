import assert from 'node:assert/strict';
import { planExperiment } from '../../plan/plan.ts';
import { parseSettings } from '../../plan/settings.ts';
import { chooseExperiments } from '../../run/experiments.ts';
import { flips } from './flips.ts';

describe('flips', () => {
  it('take the guarantee from every treatment of the default run’s experiments', async () => {
    const treatments = (await chooseExperiments([])).flatMap(({ name, arms }) =>
      Object.entries(arms)
        .filter(([, { role }]) => role === 'treatment')
        .map(([arm]) => `${name}/${arm}`),
    );
    assert.deepEqual(
      [...new Set(flips.map(({ experiment, arm }) => `${experiment}/${arm}`))].sort(),
      treatments.sort(),
    );
  });

  it('change something', async () => {
    for (const { experiment: name, arm, without } of flips) {
      const [experiment] = await chooseExperiments([name]);
      assert.ok(experiment);
      const workload = (settings: readonly string[]) =>
        planExperiment(experiment, { seed: 'a', settings: parseSettings(settings), arms: [arm], allArms: false })
          .arms[0]?.workload;
      assert.notDeepEqual(workload(without.map((word) => `${arm}.${word}`)), workload([]), `${name}/${arm}`);
    }
  });
});
