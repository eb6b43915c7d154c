import assert from 'node:assert/strict';
import type { Finding, RunFindings } from '../../harness/model/finding.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { failingRun, passingRun } from '../testing/rollout-runs.ts';
import { arranged } from './arrange.ts';
import { causeName, causesInWords } from './cause.ts';
import { runAgain } from './command.ts';
import { doubts } from './doubt.ts';
import { clockTime, count, dateAndTime, longDuration, shortSeconds, signedSeconds, unitsKept } from './number.ts';

describe('the words of the reports', () => {
  it('format numbers and times', () => {
    assert.equal(count(18_001), '18,001');
    assert.deepEqual([260, 4_700, 66_900].map(shortSeconds), ['0.26 s', '4.7 s', '67 s']);
    assert.deepEqual([48_000, 372_000, 3_840_000].map(longDuration), ['48 s', '6 min 12 s', '1 h 4 min']);
    assert.deepEqual(
      [-40_000, -4, 250_000].map((to) => signedSeconds(0, to)),
      ['−0.04', '0.00', '+0.25'],
    );
    assert.equal(clockTime(Date.parse('2026-11-22T19:08:19.350Z') * 1000), '19:08:19.350');
    assert.equal(dateAndTime('2026-11-22T19:04:12Z'), '22 Nov 2026, 19:04:12 UTC');
    assert.equal(dateAndTime('yesterday'), 'yesterday');
    assert.equal(unitsKept('a sleep of 5 s, 99 % of 5 sentences'), 'a sleep of 5\u00a0s, 99\u00a0% of 5 sentences');
  });

  it('name causes, including unknown ones of later versions', () => {
    assert.equal(
      causesInWords({ unattributed: 1, 'not-listening-yet': 1_204, 'http-error': 0 }),
      '1,204 not listening yet · 1 unattributed',
    );
    assert.equal(causeName('solar-flare'), 'solar-flare');
    assert.equal(causeName('constructor'), 'constructor');
  });

  it('quote a command for a shell', async () => {
    const { plan } = await passingRun();
    assert.equal(runAgain(plan), './holdfast run rolling-update --seed 93f1a849');
  });

  it('put the arms in reading order', async () => {
    const names = arranged((await passingRun()).experiments[0]?.arms ?? []).map(({ name }) => name);
    assert.deepEqual(names, ['control', 'treatment', 'readiness-only', 'pre-stop-only', 'neither']);
  });

  it('list the worst doubts first, and leave out consequences of an error', async () => {
    const run = await failingRun();
    const finding = (check: string, verdict: Verdict): Finding => ({
      check,
      verdict,
      expected: '',
      measured: '',
      evidence: [],
    });
    const findings = [finding('load', 'inconclusive'), finding('ran', 'error')];
    const broken: RunFindings = {
      ...run,
      experiments: run.experiments.map((experiment) => ({
        ...experiment,
        arms: experiment.arms.map((arm) => (arm.name === 'neither' ? { ...arm, findings } : arm)),
      })),
    };
    const named = doubts(broken).map(({ arm, finding }) => `${arm}: ${finding.check}`);
    assert.deepEqual(named, ['neither: ran', 'treatment: loss-as-expected']);
  });

  it('list the same doubt about several arms once, unless each has evidence of its own', async () => {
    const run = await passingRun();
    const broken = (text?: string): RunFindings => {
      const evidence = text === undefined ? [] : [{ text }];
      const finding: Finding = { check: 'recorded', verdict: 'error', expected: '', measured: 'not', evidence };
      const [experiment] = run.experiments;
      assert.ok(experiment);
      return {
        ...run,
        experiments: [
          { ...experiment, arms: experiment.arms.slice(0, 2).map((arm) => ({ ...arm, findings: [finding] })) },
        ],
      };
    };
    const names = run.experiments[0]?.arms.slice(0, 2).map(({ name }) => name) ?? [];
    assert.deepEqual(
      doubts(broken()).map(({ arm, part }) => [arm, part]),
      [[names.join(', '), 'rolling-update/']],
    );
    assert.deepEqual(
      doubts(broken('a line')).map(({ arm }) => arm),
      names,
    );
  });
});
