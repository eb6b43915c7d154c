import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ArmFindings, RunFindings } from '../../model/finding.ts';
import { UsageError } from '../../model/usage-error.ts';
import { sealArm } from '../../recording/seal.ts';
import { judgeArm, judgeRun } from '../judge.ts';
import type { Files } from '../synthetic/arm-files.ts';
import { withFolder } from '../synthetic/run-files.ts';
import { drainUnderABudget, lossOfOneNode } from '../worlds/guarded.ts';
import { tellStory } from '../worlds/tell.ts';
import { controlDamages, unprotectedDamages } from './arms.ts';
import { drainDamages, lossDamages } from './drain-and-loss.ts';
import type { Edits } from './edit.ts';
import { harmless } from './harmless.ts';
import { clockDamages, connectionDamages, logDamages } from './other-sources.ts';
import { armOf, type PassingRun, passingRuns } from './passing.ts';
import { planDamages } from './plans.ts';
import { requestDamages } from './requests-sent.ts';
import { eventDamages } from './watched-events.ts';

const doubtsOf = ({ findings }: Pick<ArmFindings, 'findings'>): string[] =>
  findings.filter(({ verdict }) => verdict !== 'pass').map(({ check, measured }) => `${check}: ${measured}`);

const doubtsOfRun = ({ experiments }: RunFindings): string[] =>
  experiments.flatMap((experiment) => [...doubtsOf(experiment), ...experiment.arms.flatMap(doubtsOf)]);

/** What happens to one arm is judged in it: its run is never better than it. */
const armDamages: { readonly [arm: string]: Edits } = {
  treatment: {
    ...eventDamages,
    ...requestDamages,
    ...connectionDamages,
    ...clockDamages,
    ...logDamages,
  },
  control: controlDamages,
  neither: unprotectedDamages,
};

function noPass(
  files: Files,
  edits: Edits,
  judged: (folder: string) => Promise<{ verdict: string; doubts: string[] }>,
) {
  for (const [what, edit] of Object.entries(edits)) {
    it(`is no pass with ${what}`, async () => {
      const damaged = edit(files);
      assert.notDeepEqual(damaged, files, 'the damage changes nothing');
      const { verdict, doubts } = await withFolder(damaged, judged).catch((error: unknown) => {
        // A plan that cannot be read ends the command with its reason.
        if (error instanceof UsageError) return { verdict: 'usage', doubts: [error.message] };
        throw error;
      });
      assert.notEqual(verdict, 'pass');
      assert.notDeepEqual(doubts, []);
    });
  }
}

const judgedArm = async (folder: string) => {
  const findings = await judgeArm(folder);
  return { verdict: findings.verdict, doubts: doubtsOf(findings) };
};

const judgedRun = async (folder: string) => {
  const findings = await judgeRun(folder);
  assert.equal(findings.exitCode === 0, findings.verdict === 'pass');
  return { verdict: findings.verdict, doubts: [...doubtsOfRun(findings), findings.sentence] };
};

function anyByte(run: PassingRun) {
  it('is no pass, and no crash, with any byte of a sealed arm changed or its end cut off', async () => {
    await withFolder(armOf(run, 'treatment'), async (arm) => {
      await sealArm(arm);
      const files = (await readdir(arm, { recursive: true })).filter((file) => /\.(gz|json)$/.test(file));
      const damage = fc.record({
        file: fc.constantFrom(...files),
        where: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        change: fc.option(fc.integer({ min: 1, max: 255 })),
      });
      await fc.assert(
        fc.asyncProperty(damage, async ({ file, where, change }) => {
          const path = join(arm, file);
          const sound = await readFile(path);
          const at = Math.floor(where * sound.length);
          const damaged = change === null ? sound.subarray(0, at) : Buffer.from(sound);
          if (change !== null) damaged[at] = (damaged[at] ?? 0) ^ change;
          await writeFile(path, damaged);
          const verdict = await judgeArm(arm).then(
            (findings) => findings.verdict,
            (error: unknown) => (error instanceof UsageError ? 'usage' : Promise.reject(error)),
          );
          await writeFile(path, sound);
          assert.notEqual(verdict, 'pass');
        }),
        { numRuns: 15 },
      );
      assert.equal((await judgeArm(arm)).verdict, 'pass');
    });
  });

  it('is no pass with any file of a sealed arm gone', async () => {
    await withFolder(armOf(run, 'treatment'), async (arm) => {
      await sealArm(arm);
      for (const file of await readdir(arm, { recursive: true })) {
        if (!/\.gz$/.test(file)) continue;
        const sound = await readFile(join(arm, file));
        await rm(join(arm, file));
        assert.notEqual((await judgeArm(arm)).verdict, 'pass', file);
        await writeFile(join(arm, file), sound);
      }
    });
  });
}

for (const run of passingRuns) {
  describe(`the recording of ${run.what}`, () => {
    for (const [arm, edits] of Object.entries(armDamages)) {
      describe(`whose ${arm} is damaged`, () => noPass(armOf(run, arm), edits, judgedArm));
    }
    describe('whose plans are damaged', () => noPass(run.files, planDamages, judgedRun));
    describe('whose bytes are damaged', () => anyByte(run));

    describe('in which nothing that matters is other', () => {
      for (const [what, edit] of Object.entries(harmless)) {
        it(`still passes with ${what}`, async () => {
          const edited = edit(run.files);
          assert.notDeepEqual(Object.entries(edited), Object.entries(run.files), 'the edit changes nothing');
          const findings = await withFolder(edited, judgeRun);
          assert.equal(findings.verdict, 'pass', doubtsOfRun(findings).join('\n'));
        });
      }

      it('still passes sealed, and with a seal that was cut short', async () => {
        await withFolder(run.files, async (folder) => {
          const arm = join(folder, 'rolling-update', 'treatment');
          const events = await readFile(join(arm, 'events.ndjson'));
          await sealArm(arm);
          assert.equal((await judgeRun(folder)).verdict, 'pass');
          await rm(join(arm, 'SHA256SUMS'));
          await writeFile(join(arm, 'events.ndjson'), events);
          assert.equal((await judgeRun(folder)).verdict, 'pass');
        });
      });
    });
  });
}

const guarded = {
  'a drain that a budget held back': { story: drainUnderABudget, edits: drainDamages },
  'the loss of one node of three': { story: lossOfOneNode, edits: lossDamages },
};

for (const [what, { story, edits }] of Object.entries(guarded)) {
  describe(`the recording of ${what}`, () => {
    const { files } = tellStory(story, { seed: 1, skewMs: 0, lateMs: 20 });

    it('passes as it is', async () => {
      const { verdict, doubts } = await withFolder(files, judgedArm);
      assert.equal(verdict, 'pass', doubts.join('\n'));
    });
    noPass(files, edits, judgedArm);
  });
}
