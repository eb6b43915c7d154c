import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { judgeArm } from '../../judge/judge.ts';
import type { ArmFindings } from '../../model/finding.ts';
import { compare } from '../worlds/accuracy.ts';
import type { Files } from '../worlds/files.ts';
import { drainsWithHeirs, drainUnderABudget, lossOfOneNode } from '../worlds/guarded.ts';
import { withFolder } from '../worlds/run-files.ts';
import { tell, tellStory } from '../worlds/tell.ts';
import { countDamages } from './all-counted.ts';
import { armPlanWith } from './by-hand.ts';
import type { Edit, Edits } from './edit.ts';
import { lifeDamages } from './lives.ts';
import { armOf, passingRuns } from './passing.ts';
import { otherFamilies, slowApiServer, unusualAndUnclear, unusualClusters } from './unusual-clusters.ts';
import { identityDamages } from './who-answered.ts';

const judged = (files: Files): Promise<ArmFindings> => withFolder(files, (folder) => judgeArm(folder));

const doubts = ({ findings }: ArmFindings): string =>
  findings
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ check, measured }) => `${check}: ${measured}`)
    .join('\n');

const changes = (files: Files, edit: Edit): boolean => !isDeepStrictEqual(edit(files), files);

function stillPasses(files: Files, edits: Edits): void {
  for (const [what, edit] of Object.entries(edits)) {
    // Not every recording contains the data that an edit changes.
    if (!changes(files, edit)) continue;
    it(`still passes with ${what}`, async () => {
      const findings = await judged(edit(files));
      assert.equal(findings.verdict, 'pass', doubts(findings));
    });
  }
}

/** Demands on rules cannot be met without rules. */
const demandless: Edit = armPlanWith((plan) => ({ ...plan, demands: [] }));

const treatments = passingRuns.map((run) => armOf(run, 'treatment'));

it('each unusual cluster differs from at least one recording', () => {
  for (const [what, edit] of Object.entries({ ...unusualClusters, ...otherFamilies }))
    assert.ok(
      treatments.some((files) => changes(files, edit)),
      what,
    );
});

for (const run of passingRuns) {
  describe(`unusual clusters, with ${run.what}`, () => {
    const files = armOf(run, 'treatment');
    stillPasses(files, { ...unusualClusters, ...slowApiServer(true) });
    stillPasses(demandless(files), otherFamilies);

    for (const [what, { edit, says }] of Object.entries(unusualAndUnclear)) {
      if (!changes(files, edit)) continue;
      it(`prove nothing, and give the reason, with ${what}`, async () => {
        const findings = await judged(edit(files));
        assert.equal(findings.verdict, 'inconclusive', doubts(findings));
        assert.match(doubts(findings), says);
      });
    }
  });
}

describe('unusual clusters with a damaged recording', () => {
  const [, files = {}] = treatments;
  const damages = Object.entries({ ...countDamages, ...identityDamages, ...lifeDamages });
  const unusual = Object.entries({ ...unusualClusters, ...otherFamilies }).filter(([, edit]) => changes(files, edit));
  for (const [index, [what, edit]] of unusual.entries()) {
    // Each is combined with another damage.
    const [damage, { edit: damaged, noticedBy }] = damages[(index * 3) % damages.length] ?? assert.fail();
    it(`do not pass: ${what}, and ${damage}`, async () => {
      const findings = await judged(edit(damaged(files)));
      assert.notEqual(findings.verdict, 'pass');
      assert.ok(doubts(findings).includes(`${noticedBy}: `), doubts(findings));
    });
  }
});

describe('unusual clusters, in an arm with demands on rules', () => {
  const [, files = {}] = treatments;
  for (const [what, edit] of Object.entries(otherFamilies)) {
    it(`prove nothing, and give the reason, with ${what}`, async () => {
      const findings = await judged(edit(files));
      assert.equal(findings.verdict, 'inconclusive', doubts(findings));
      assert.match(doubts(findings), /the rules on the client’s node are not known$/);
    });
  }
});

describe('a drain that is delayed by a budget', () => {
  for (const [what, story] of Object.entries(drainsWithHeirs)) {
    it(`passes with ${what}`, async () => {
      const { files } = tellStory(story, { seed: 1, skewMs: 0, lateMs: 20 });
      const findings = await judged(files);
      assert.equal(findings.verdict, 'pass', doubts(findings));
    });
  }

  const { files } = tellStory(drainUnderABudget, { seed: 1, skewMs: 0, lateMs: 20 });
  stillPasses(files, { ...unusualClusters, ...otherFamilies, ...slowApiServer(false) });
});

describe('the loss of a node', () => {
  const { files } = tellStory(lossOfOneNode, { seed: 1, skewMs: 0, lateMs: 20 });
  stillPasses(files, { ...unusualClusters, ...otherFamilies });
});

describe('causes of failures', () => {
  for (const [what, edit] of Object.entries(otherFamilies)) {
    it(`are the same for ${what}`, async function () {
      this.timeout(20_000);
      for (const story of [
        'rollout without readiness and preStop',
        'recreate',
        'a crash during a power cut',
        'no pod ready',
      ]) {
        const { files, sent } = tell({ story, seed: 1, skewMs: 20, lateMs: 60 });
        const [plain, other] = [await judged(files), await judged(edit(files))];
        assert.deepEqual(
          [...compare(sent, other).values()].flatMap(({ wrong }) => wrong),
          [],
        );
        assert.deepEqual(other.requests.byCause, plain.requests.byCause, story);
      }
    });
  }
});
