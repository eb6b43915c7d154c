import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { judgeArm, judgeRun } from '../../judge/judge.ts';
import { checkKey } from '../../model/checks.ts';
import type { ArmFindings, Finding, RunFindings } from '../../model/finding.ts';
import { UsageError } from '../../model/usage-error.ts';
import { sealArm } from '../../recording/seal.ts';
import type { Files } from '../worlds/files.ts';
import { withFolder } from '../worlds/run-files.ts';
import { controlDamages, unprotectedDamages } from './arms.ts';
import { clusterDamages } from './cluster.ts';
import { attemptDamages, columnDamages, harmlessAttempts, harmlessColumns } from './columns.ts';
import type { Damages } from './edit.ts';
import { exposureDamages, unusualExposure } from './exposure.ts';
import { factDamages, unusualFacts } from './facts.ts';
import { harmless } from './harmless.ts';
import { lessRecorded, originDamages, recordedDamages } from './origins.ts';
import { clockDamages, connectionDamages, logDamages, lostRules, ruleDamages } from './other-sources.ts';
import { armOf, type PassingRun } from './passing.ts';
import { phaseDamages } from './phases.ts';
import { planDamages } from './plans.ts';
import { otherArmDamages, repeatDamages } from './repeats.ts';
import { requestDamages } from './requests-sent.ts';
import { roleDamages } from './roles.ts';
import { rowDamages, scheduleDamages } from './rows.ts';
import { otherUids, uidDamages } from './uids.ts';
import { unusual } from './unusual.ts';
import { eventDamages, newerEventDamages } from './watched-events.ts';

type Doubt = Pick<Finding, 'check' | 'of' | 'measured'>;

const doubtsOf = ({ findings }: Pick<ArmFindings, 'findings'>): Doubt[] =>
  findings.filter(({ verdict }) => verdict !== 'pass');

const doubtsOfRun = ({ experiments }: RunFindings): Doubt[] =>
  experiments.flatMap((experiment) => [...doubtsOf(experiment), ...experiment.arms.flatMap(doubtsOf)]);

export const inWords = (doubts: readonly Doubt[]): string =>
  doubts.map((doubt) => `${checkKey(doubt)}: ${doubt.measured}`).join('\n');

/**
 * Damages of one arm, which are tested on this arm only: a run's verdict is never better than the verdicts of its arms.
 */
const armDamages = ({ older }: PassingRun): { readonly [arm: string]: Damages } => ({
  treatment: {
    ...eventDamages,
    ...requestDamages,
    ...connectionDamages,
    ...clockDamages,
    ...logDamages,
    ...phaseDamages,
    ...rowDamages,
    ...scheduleDamages,
    ...clusterDamages,
    ...exposureDamages,
    ...uidDamages,
    ...columnDamages,
    ...(older ? {} : { ...newerEventDamages, ...ruleDamages, ...recordedDamages, ...attemptDamages, ...factDamages }),
  },
  control: { ...controlDamages, ...(older ? {} : newerEventDamages) },
  neither: unprotectedDamages,
});

/** Tests that the recording does not pass with any of the damages, and that the named check notices each. */
export function noPass(
  files: Files,
  damages: Damages,
  judged: (folder: string) => Promise<{ verdict: string; doubts: Doubt[] }>,
) {
  for (const [what, { edit, noticedBy, bare }] of Object.entries(damages)) {
    if (bare)
      it(`does not pass with ${what}, before the cover-up`, async () => {
        const { verdict } = await withFolder(bare(files), judged);
        assert.notEqual(verdict, 'pass');
      });
    it(`does not pass with ${what}`, async () => {
      const damaged = edit(files);
      assert.notDeepEqual(damaged, files, 'the damage changes nothing');
      const { verdict, doubts } = await withFolder(damaged, judged).catch((error: unknown) => {
        // A plan that cannot be read ends the command with an error.
        if (error instanceof UsageError)
          return { verdict: 'usage', doubts: [{ check: 'usage', measured: error.message }] };
        throw error;
      });
      assert.notEqual(verdict, 'pass');
      assert.ok(
        doubts.some((doubt) => checkKey(doubt) === noticedBy),
        `not noticed by “${noticedBy}”:\n${inWords(doubts)}`,
      );
    });
  }
}

export const judgedArm = async (folder: string) => {
  const findings = await judgeArm(folder);
  return { verdict: findings.verdict, doubts: doubtsOf(findings) };
};

const judgedRun = async (folder: string) => {
  const findings = await judgeRun(folder);
  assert.equal(findings.exitCode === 0, findings.verdict === 'pass');
  const none = findings.experiments.length === 0 ? [{ check: 'nothing was asked', measured: findings.sentence }] : [];
  return { verdict: findings.verdict, doubts: [...doubtsOfRun(findings), ...none] };
};

/** Without a seal, the readers themselves must handle any content. */
const forms: { readonly [form: string]: (arm: string) => Promise<void> } = {
  'a sealed arm': sealArm,
  'an arm whose seal is gone': async (arm) => {
    await sealArm(arm);
    await rm(join(arm, 'SHA256SUMS'));
  },
  'an arm that was never sealed': async () => undefined,
};

/** The verdict, or `usage` if judging ends with a usage error. */
const verdictOf = (arm: string): Promise<string> =>
  judgeArm(arm).then(
    ({ verdict }) => verdict,
    (error: unknown) => (error instanceof UsageError ? 'usage' : Promise.reject(error)),
  );

const filesOf = async (arm: string): Promise<string[]> =>
  (await readdir(arm, { recursive: true })).filter((file) => /\.(gz|json|ndjson|log)$/.test(file));

function anyByte(run: PassingRun) {
  for (const [form, made] of Object.entries(forms)) {
    const sealed = made === sealArm;
    it(`${sealed ? 'does not pass, and ' : ''}does not crash with any byte of ${form} changed or its end cut off`, async () => {
      await withFolder(armOf(run, 'treatment'), async (arm) => {
        await made(arm);
        const damage = fc.record({
          file: fc.constantFrom(...(await filesOf(arm))),
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
            const verdict = await verdictOf(arm);
            await writeFile(path, sound);
            if (sealed) assert.notEqual(verdict, 'pass');
          }),
          { numRuns: 15 },
        );
        assert.equal(await verdictOf(arm), 'pass');
      });
    });

    it(`does not pass without any one file of ${form}`, async () => {
      await withFolder(armOf(run, 'treatment'), async (arm) => {
        await made(arm);
        for (const file of await filesOf(arm)) {
          if (file === 'arm.json') continue;
          const sound = await readFile(join(arm, file));
          await rm(join(arm, file));
          assert.notEqual(await verdictOf(arm), 'pass', file);
          await writeFile(join(arm, file), sound);
        }
      });
    });
  }
}

/** Selects the cases to test. By default, all are tested. */
type Draw = <T>(cases: { readonly [what: string]: T }) => { readonly [what: string]: T };

/** Tests that a passing run does not pass with any of the damages, and still passes with each harmless edit. */
export function testDamages(run: PassingRun, draw: Draw = (cases) => cases): void {
  describe(`the recording of ${run.what}`, () => {
    for (const [arm, damages] of Object.entries(armDamages(run))) {
      describe(`with a damaged ${arm}`, () => noPass(armOf(run, arm), draw(damages), judgedArm));
    }
    // Damages of whole arms are not tested on real runs, which take four times as long to judge.
    const more = run.older
      ? {}
      : { ...lostRules, ...roleDamages, ...repeatDamages, ...otherArmDamages, ...originDamages };
    const plans = { ...planDamages, ...more };
    describe('with damaged plans', () => noPass(run.files, draw(plans), judgedRun));
    describe('with damaged bytes', () => anyByte(run));

    describe('with harmless changes', () => {
      for (const [what, edit] of Object.entries(draw({ ...harmless, ...unusual, ...otherUids }))) {
        it(`still passes with ${what}`, async () => {
          const edited = edit(run.files);
          assert.notDeepEqual(Object.entries(edited), Object.entries(run.files), 'the edit changes nothing');
          const findings = await withFolder(edited, judgeRun);
          assert.equal(findings.verdict, 'pass', inWords(doubtsOfRun(findings)));
        });
      }

      const newer = run.older ? {} : { ...lessRecorded, ...harmlessAttempts, ...unusualFacts };
      for (const [what, edit] of Object.entries(draw({ ...unusualExposure, ...harmlessColumns, ...newer }))) {
        it(`has a treatment that still passes with ${what}`, async () => {
          const own = armOf(run, 'treatment');
          const edited = edit(own);
          assert.notDeepEqual(edited, own, 'the edit changes nothing');
          const { verdict, doubts } = await withFolder(edited, judgedArm);
          assert.equal(verdict, 'pass', inWords(doubts));
        });
      }

      it('still passes with a seal, and with a seal that was interrupted', async () => {
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
