import assert from 'node:assert/strict';
import { judgeArm } from '../../judge/judge.ts';
import { checkKey } from '../../model/checks.ts';
import type { Finding } from '../../model/finding.ts';
import type { Files } from '../worlds/files.ts';
import { drainUnderABudget, lossOfOneNode } from '../worlds/guarded.ts';
import { withFolder } from '../worlds/run-files.ts';
import { tellStory } from '../worlds/tell.ts';
import { countDamages } from './all-counted.ts';
import { answeredByALostNode, answeredByHand } from './answered-by-hand.ts';
import { stepDamages } from './clock-steps.ts';
import { deadNodeWatch, deadWatches } from './dead-watches.ts';
import type { Damages, Edits } from './edit.ts';
import { endpointDamages } from './endpoints-by-pod.ts';
import { lifeDamages } from './lives.ts';
import { armOf, passingRuns } from './passing.ts';
import { readyDamages } from './ready-pods.ts';
import { sameName } from './uids.ts';
import { slicesOfOthers, unusualWitnesses } from './unusual-witnesses.ts';
import { identityDamages } from './who-answered.ts';

const judged = (files: Files) =>
  withFolder(files, async (folder) => {
    const { verdict, findings } = await judgeArm(folder);
    return { verdict, doubts: findings.filter((finding) => finding.verdict !== 'pass') };
  });

const inWords = (doubts: readonly Finding[]): string =>
  doubts.map((doubt) => `${checkKey(doubt)}: ${doubt.measured}`).join('\n');

function noPass(files: Files, damages: Damages): void {
  for (const [what, { edit, bare, noticedBy }] of Object.entries(damages)) {
    it(`does not pass with ${what}`, async () => {
      const damaged = edit(files);
      assert.notDeepEqual(damaged, files, 'the damage changes nothing');
      if (bare) {
        assert.notDeepEqual(bare(files), damaged, 'the cover-up changes nothing');
        assert.notEqual((await judged(bare(files))).verdict, 'pass', 'there is nothing to cover up');
      }
      const { verdict, doubts } = await judged(damaged);
      assert.notEqual(verdict, 'pass');
      assert.ok(
        doubts.some((doubt) => checkKey(doubt) === noticedBy),
        `not noticed by “${noticedBy}”:\n${inWords(doubts)}`,
      );
    });
  }
}

function stillPasses(files: Files, edits: Edits): void {
  for (const [what, edit] of Object.entries(edits)) {
    it(`still passes with ${what}`, async () => {
      const edited = edit(files);
      assert.notDeepEqual(edited, files, 'the edit changes nothing');
      const { verdict, doubts } = await judged(edited);
      assert.equal(verdict, 'pass', inWords(doubts));
    });
  }
}

for (const run of passingRuns) {
  describe(`the witnesses of ${run.what}`, () => {
    const treatment = armOf(run, 'treatment');
    noPass(treatment, { ...countDamages, ...identityDamages, ...lifeDamages, ...stepDamages });
    noPass(treatment, run.older ? deadNodeWatch : { ...deadNodeWatch, ...deadWatches });
    stillPasses(treatment, unusualWitnesses);
    describe('in an arm without protection', () => noPass(armOf(run, 'neither'), answeredByHand));
    describe('in a control', () => noPass(armOf(run, 'control'), run.older ? deadNodeWatch : deadWatches));
  });
}

describe('the witnesses of a drain that is delayed by a budget', () => {
  const { files } = tellStory(drainUnderABudget, { seed: 1, skewMs: 0, lateMs: 20 });
  noPass(files, { ...readyDamages, ...endpointDamages });
  stillPasses(files, { ...slicesOfOthers, ...sameName });
});

describe('the witnesses of the loss of a node', () => {
  const { files } = tellStory(lossOfOneNode, { seed: 1, skewMs: 0, lateMs: 20 });
  noPass(files, answeredByALostNode);
});
