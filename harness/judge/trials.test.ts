import assert from 'node:assert/strict';
import { checkKey } from '../model/checks.ts';
import type { Claim } from '../model/claim.ts';
import type { ArmFindings, ExperimentFindings } from '../model/finding.ts';
import type { RunPlan } from '../model/plan.ts';
import { armJson } from '../testing/worlds/arm-json.ts';
import type { Files } from '../testing/worlds/files.ts';
import { armSettings, runFiles, type SyntheticArm, syntheticArm, withFolder } from '../testing/worlds/run-files.ts';
import { judgeRun } from './judge.ts';
import { strengthInWords, type Trials } from './trials.ts';

type Name = keyof typeof armSettings;
const names = Object.keys(armSettings) as Name[];

/** An arm, or a repeat of it. */
function run(of: Name, number = 1, change: Partial<Parameters<typeof syntheticArm>[1]> = {}): SyntheticArm {
  return syntheticArm(of, { ...armSettings[of], ...change }, { seed: 5 + number, run: number });
}

const others = names.filter((name) => name !== 'treatment').map((name) => run(name));
const treatments = [1, 2, 3].map((number) => run('treatment', number));
const liar = run('treatment', 2, { preStopSeconds: 0 });

async function judged(arms: readonly SyntheticArm[], change: { claim?: Claim; without?: readonly string[] } = {}) {
  const files: Files = runFiles(arms);
  const plan = JSON.parse(files['plan.json']?.[0] ?? '') as RunPlan;
  const experiments = plan.experiments.map((each) => ({ ...each, until: change.claim }));
  const lost = (path: string) => change.without?.some((name) => path.includes(`/${name}/`));
  const kept = Object.entries(files).filter(([path]) => !lost(path));
  const all = { ...Object.fromEntries(kept), 'plan.json': [JSON.stringify({ ...plan, experiments })] };
  const findings = await withFolder(all, judgeRun);
  const [experiment] = findings.experiments;
  assert.ok(experiment);
  return { ...experiment, exitCode: findings.exitCode };
}

const together = ({ findings }: ExperimentFindings) =>
  findings.slice(2).map((finding) => `${finding.verdict}: ${checkKey(finding)}: ${finding.measured}`);

describe('repeats of an arm', () => {
  it('are judged together, and give a stronger bound than one run', async () => {
    const found = await judged([...others, ...treatments]);
    assert.equal(found.verdict, 'pass');
    assert.deepEqual(together(found), ['pass: every-run-counts: treatment: 3 of 3 runs clean']);
    assert.match(
      found.strength,
      /^3 clean rollouts bound the share of bad rollouts at 63 % \(95 % confidence\); [\d,]+ clean requests rule out/,
    );
  });

  it('fail together because of a single bad one, and say how many were bad', async () => {
    const [first = assert.fail(), , third = assert.fail()] = treatments;
    const found = await judged([...others, first, liar, third]);
    assert.equal(found.verdict, 'fail');
    assert.deepEqual(together(found), ['fail: every-run-counts: treatment: 2 of 3 runs clean']);
    assert.match(found.sentence, /^rolling-update, treatment-2: .* 1 of 3 rollouts went wrong\.$/);
    assert.match(found.findings.at(-1)?.evidence[0]?.text ?? '', /^treatment-2: fail: \d+ of/);
    assert.equal(found.strength, '');
  });

  it('of an unprotected arm must all lose requests', async () => {
    const safe = run('neither', 2, armSettings.treatment);
    const { plan, files, ...rest } = safe;
    const blind = { ...plan, role: 'unprotected' as const, expect: armSettings.neither.expect };
    const arm = { ...rest, plan: blind, files: { ...files, 'arm.json': [armJson(blind)] } };
    const found = await judged([...others, run('treatment'), arm]);
    assert.equal(found.verdict, 'inconclusive');
    assert.deepEqual(together(found), ['inconclusive: every-run-counts: neither: 1 of 2 runs as declared']);
  });

  it('that are missing make the whole inconclusive', async () => {
    for (const without of [['treatment-3'], ['treatment']]) {
      const found = await judged([...others, ...treatments], { without });
      assert.equal(found.verdict, 'inconclusive');
      assert.equal(found.exitCode, 3);
      assert.deepEqual(together(found), [
        'inconclusive: every-run-counts: treatment: 2 of 2 runs clean; 1 did not run',
      ]);
      assert.equal(found.arms.length, others.length + 2);
    }
  });

  it('that are all missing are an arm without a recording', async () => {
    const found = await judged([...others, ...treatments], { without: ['treatment', 'treatment-2', 'treatment-3'] });
    assert.equal(found.exitCode, 4);
    assert.deepEqual(
      found.arms.filter(({ verdict }) => verdict === 'error').map(({ name }) => name),
      ['treatment'],
    );
  });
});

describe('a claim', () => {
  const claim = { confidence: 0.75, share: 0.5 };

  it('is shown by enough clean runs, even if not all planned runs were recorded', async () => {
    const found = await judged([...others, ...treatments], { claim, without: ['treatment-3'] });
    assert.equal(found.verdict, 'pass');
    assert.deepEqual(together(found), ['pass: claim-shown: treatment: 2 clean, 0 bad: at most 50 % are bad']);
    assert.match(found.strength, /^2 clean rollouts bound the share of bad rollouts at 50 % \(75 % confidence\)/);
  });

  it('is not shown by too few runs, nor by a run that was interrupted', async () => {
    const short = await judged([...others, ...treatments], { claim, without: ['treatment-2', 'treatment-3'] });
    assert.equal(short.verdict, 'inconclusive');
    assert.match(
      together(short)[0] ?? '',
      /^inconclusive: claim-shown: treatment: 1 clean, 0 bad: at most 75 % are bad$/,
    );
    assert.match(short.sentence, /Enough clean trials show the claim: treatment: 1 clean/);
  });

  it('fails with a bad run', async () => {
    const found = await judged([...others, run('treatment'), liar], { claim });
    assert.equal(found.verdict, 'fail');
    assert.match(together(found)[0] ?? '', /^fail: claim-shown: treatment: 1 clean, 1 bad: at most 87 % are bad$/);
  });
});

describe('strength', () => {
  it('is given for each arm that passes, and for no other', async () => {
    const { arms } = await judged([...others, run('treatment'), liar]);
    const strength = (name: string) => arms.find((arm) => arm.name === name)?.strength;
    assert.match(strength('control') ?? '', /^[\d,]+ clean requests rule out a steady loss above 0\.\d+ %$/);
    assert.match(strength('treatment') ?? '', /^1 clean rollout bounds the share of bad rollouts at 95 %/);
    assert.equal(strength('treatment-2'), '');
    assert.equal(strength('neither'), '');
  });

  const trials = (change: Partial<Trials> = {}): Trials => ({
    arm: 'treatment',
    role: 'treatment',
    noun: 'drain',
    planned: 1,
    inEach: 1,
    runs: [{ expect: { kind: 'no-loss' }, requests: { total: 1000, failed: 0 } } as ArmFindings],
    clean: 1,
    bad: 0,
    outOfOrder: [],
    ...change,
  });
  const silent = [{ expect: { kind: 'placement' }, requests: { total: 0, failed: 0 } } as ArmFindings];

  it('mentions requests only if some were sent', () => {
    assert.match(strengthInWords([trials()], 0.95), /; 1,000 clean requests rule out a steady loss above 0\.3 %$/);
    const words = strengthInWords([trials({ runs: silent, clean: 5 })], 0.95);
    assert.equal(words, '5 clean drains bound the share of bad drains at 45 % (95 % confidence)');
  });

  it('does not combine treatments, because each shows only what its own trials show', () => {
    const words = strengthInWords([trials({ clean: 3 }), trials({ arm: 'other', clean: 5 })], 0.95);
    assert.match(words, /^in each of 2 treatments 3 clean drains bound the share of bad drains at 63 %/);
    assert.match(words, /; 1,000 clean requests/);
  });

  it('is empty without a disruption, and ignores requests that are allowed to fail', () => {
    assert.equal(strengthInWords([trials({ runs: silent, inEach: 0, clean: 0 })], 0.95), '');
    const lossy = [{ expect: { kind: 'bounded-loss' }, requests: { total: 1000, failed: 4 } } as ArmFindings];
    assert.doesNotMatch(strengthInWords([trials({ runs: lossy })], 0.95), /request/);
  });
});
