import assert from 'node:assert/strict';
import { exitCodes } from '../../model/verdict.ts';
import { planExperiment } from '../../plan/plan.ts';
import { parseSettings } from '../../plan/settings.ts';
import { chooseExperiments } from '../../run/experiments.ts';
import { flips, sawFailure } from './flips.ts';
import { doneWith } from './output.ts';

describe('flips', () => {
  it('remove the guarantee of every treatment in the default run’s experiments', async () => {
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

  it('are noticed only by a run that fails', () => {
    const ended = (exitCode: number | undefined) =>
      doneWith({ exitCode, endedBy: exitCode === undefined ? 'SIGKILL' : undefined, stdout: '', stderr: 'broken' });
    assert.match(sawFailure(ended(exitCodes.fail)).saw, /exit 1/);
    for (const [name, code] of Object.entries(exitCodes)) {
      if (name === 'fail') continue;
      assert.throws(() => sawFailure(ended(code)), new RegExp(`exit ${code}`), name);
    }
    assert.throws(() => sawFailure(ended(undefined)), /SIGKILL/);
  });

  it('change the plan', async () => {
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
