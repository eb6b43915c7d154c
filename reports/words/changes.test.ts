import assert from 'node:assert/strict';
import type { ArmFindings, RunFindings } from '../../harness/model/finding.ts';
import { failingRun, passingRun } from '../sample/run.ts';
import { changesText } from '../terminal/changes.ts';
import { changes } from './changes.ts';

const rows = (before: RunFindings, now: RunFindings) =>
  changes(before, now).map(({ where, what, before: was, now: is }) => `${where}: ${what}: ${was} → ${is}`);

/** The run with one arm as it is made. */
const withArm = (run: RunFindings, name: string, make: (arm: ArmFindings) => ArmFindings[]): RunFindings => ({
  ...run,
  experiments: run.experiments.map((experiment) => ({
    ...experiment,
    arms: experiment.arms.flatMap((arm) => (arm.name === name ? make(arm) : [arm])),
  })),
});

describe('what a judge sees differently', () => {
  it('is nothing where nothing changed', () => {
    assert.deepEqual(rows(passingRun(), passingRun()), []);
    assert.equal(changesText([{ run: 'one', changes: [] }], true), '');
  });

  it('is each verdict, and each count by cause', () => {
    const [arm] = failingRun().experiments.flatMap(({ arms }) => arms.filter(({ name }) => name === 'treatment'));
    assert.ok(arm);
    const causes = Object.entries(arm.requests.byCause);
    const found = rows(passingRun(), failingRun());
    assert.deepEqual(found.slice(0, 4), [
      'run: verdict: pass → fail',
      'rolling-update: verdict: pass → fail',
      'rolling-update treatment: verdict: pass → fail',
      'rolling-update treatment: The result is what the arm expects: pass → fail',
    ]);
    assert.ok(found.includes(`rolling-update treatment: failed: 0 → ${arm.requests.failed}`));
    assert.equal(found.filter((row) => / – → \d+$/.test(row)).length, causes.length);
  });

  it('is a check that was not asked then, or is not now, also one of several of a name', () => {
    const asked = (...verdicts: ('pass' | 'fail')[]) =>
      withArm(passingRun(), 'control', (arm) => [
        {
          ...arm,
          findings: verdicts.map((verdict) => ({ check: 'held', verdict, expected: '', measured: '', evidence: [] })),
        },
      ]);
    assert.deepEqual(rows(asked('pass'), asked('pass', 'fail')), ['rolling-update control: held (2): – → fail']);
    assert.deepEqual(rows(asked('pass', 'fail'), asked('pass')), ['rolling-update control: held (2): fail → –']);
  });

  it('is an arm that has come or gone', () => {
    const without = withArm(passingRun(), 'neither', () => []);
    assert.ok(rows(passingRun(), without).includes('rolling-update neither: verdict: pass → –'));
    assert.ok(rows(without, passingRun()).includes('rolling-update neither: verdict: – → pass'));
  });

  it('is one table for all runs', () => {
    const change = { where: 'run', what: 'verdict', before: 'pass', now: 'fail' };
    const text = changesText(
      [
        { run: 'a-long-name', changes: [change] },
        { run: 'b', changes: [] },
        { run: 'c', changes: [{ ...change, now: '\u001b[2Jfail' }] },
      ],
      false,
    );
    assert.equal(
      text,
      `
run          where  changed by the rules of this version  before  now
a-long-name  run    verdict                               pass    fail
c            run    verdict                               pass    �[2Jfail
`,
    );
  });
});
