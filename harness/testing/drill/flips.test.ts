import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { exitCodes } from '../../model/verdict.ts';
import { planExperiment } from '../../plan/plan.ts';
import { parseSettings } from '../../plan/settings.ts';
import { chooseExperiments } from '../../run/experiments.ts';
import { flipsOf, sawFailure } from './flips.ts';
import { doneWith } from './output.ts';

const typed = async () =>
  (await chooseExperiments([]))
    .flatMap(flipsOf)
    .map(({ experiment, arm, without }) => `${experiment}/${arm} ${without}`);

describe('flips', () => {
  it('are one difference of an unprotected arm for each treatment of the default run', async () =>
    assert.deepEqual((await typed()).sort(), [
      'compound-outage/budget budget=none',
      'drain-budget/one-node budget=none',
      'drain-budget/one-node-max-unavailable budget=none',
      'drain-budget/three-nodes budget=none',
      'drain-budget/three-nodes-67-percent budget=none',
      'drain-budget/three-nodes-max-unavailable budget=none',
      'node-loss-spread/default-scheduler scheduler=no-spread',
      'node-loss-spread/preferred antiAffinity=none',
      'node-loss-spread/required antiAffinity=none',
      'node-loss-spread/zone-preferred antiAffinity=none',
      'node-loss-spread/zone-required antiAffinity=none',
      'rolling-update/treatment preStop=none',
      'rolling-update/treatment readiness=none',
      'spread-placement/default-scheduler scheduler=no-spread',
      'spread-placement/one-too-many antiAffinity=none',
      'spread-placement/preferred antiAffinity=none',
      'spread-placement/required antiAffinity=none',
      'spread-placement/rollout-in-place strategy=RollingUpdate:1/0',
    ]));

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

  it('give the treatment what the unprotected arm has', async () => {
    for (const experiment of await chooseExperiments([]))
      for (const { arm, without } of flipsOf(experiment)) {
        const factsWith = (words: readonly string[]) => {
          const settings = parseSettings(words);
          const { arms } = planExperiment(experiment, { seed: 'a', settings, arms: [arm], allArms: false });
          return { ...arms[0]?.workload.facts, ...arms[0]?.lab };
        };
        const [before, after] = [factsWith([]), factsWith([`${arm}.${without}`])] as { [key: string]: unknown }[];
        const changed = Object.keys(before ?? {}).filter((key) => !isDeepStrictEqual(before?.[key], after?.[key]));
        assert.deepEqual(changed, [without.split('=')[0]], `${experiment.name}/${arm}`);
      }
  });
});
