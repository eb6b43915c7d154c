import assert from 'node:assert/strict';
import { drainUnderABudget, lossOfOneNode } from '../worlds/guarded.ts';
import { withFolder } from '../worlds/run-files.ts';
import { tellStory } from '../worlds/tell.ts';
import { plannedBudgetDamages, plannedMomentDamages } from './cluster.ts';
import { inWords, judgedArm, noPass, testDamages } from './damage-tests.ts';
import { drainDamages, lossDamages } from './drain-and-loss.ts';
import { lossExposureDamages } from './exposure.ts';
import { syntheticRun } from './passing.ts';

testDamages(syntheticRun);

const guarded = {
  'a drain that is delayed by a budget': {
    story: drainUnderABudget,
    damages: { ...drainDamages, ...plannedBudgetDamages },
  },
  'the loss of one node of three': {
    story: lossOfOneNode,
    damages: { ...lossDamages, ...plannedMomentDamages, ...lossExposureDamages },
  },
};

for (const [what, { story, damages }] of Object.entries(guarded)) {
  describe(`the recording of ${what}`, () => {
    const { files } = tellStory(story, { seed: 1, skewMs: 0, lateMs: 20 });

    it('passes without damage', async () => {
      const { verdict, doubts } = await withFolder(files, judgedArm);
      assert.equal(verdict, 'pass', inWords(doubts));
    });
    noPass(files, damages, judgedArm);
  });
}
