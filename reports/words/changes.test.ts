import assert from 'node:assert/strict';
import type { RunFindings } from '../../harness/model/finding.ts';
import { changesText } from '../terminal/changes.ts';
import { withArm } from '../testing/recorded.ts';
import { failingRun, passingRun } from '../testing/rollout-runs.ts';
import { changes } from './changes.ts';

const rows = (before: RunFindings, now: RunFindings) =>
  changes(before, now).map(({ where, what, before: was, now: is }) => `${where}: ${what}: ${was} → ${is}`);

describe('changes between two judgements', () => {
  it('are empty if nothing changed', async () => {
    assert.deepEqual(rows(await passingRun(), await passingRun()), []);
    assert.equal(changesText([{ run: 'one', changes: [] }], true), '');
  });

  it('include each verdict, and each count by cause', async () => {
    const [arm] = (await failingRun()).experiments.flatMap(({ arms }) =>
      arms.filter(({ name }) => name === 'treatment'),
    );
    assert.ok(arm);
    const causes = Object.entries(arm.requests.byCause);
    // The failing run has three of the five arms.
    const passing = withArm(
      withArm(await passingRun(), 'readiness-only', () => []),
      'pre-stop-only',
      () => [],
    );
    const found = rows(passing, await failingRun());
    assert.deepEqual(found.slice(0, 4), [
      'run: verdict: pass → fail',
      'rolling-update: verdict: pass → fail',
      'rolling-update treatment: verdict: pass → fail',
      'rolling-update treatment: The result is what the arm expects: pass → fail',
    ]);
    assert.ok(found.includes(`rolling-update treatment: failed: 0 → ${arm.requests.failed}`));
    assert.equal(found.filter((row) => / – → \d+$/.test(row)).length, causes.length);
  });

  it('include a check that was added or removed, also if its name occurs several times', async () => {
    const run = await passingRun();
    const asked = (...verdicts: ('pass' | 'fail')[]) =>
      withArm(run, 'control', (arm) => [
        {
          ...arm,
          findings: verdicts.map((verdict) => ({ check: 'held', verdict, expected: '', measured: '', evidence: [] })),
        },
      ]);
    assert.deepEqual(rows(asked('pass'), asked('pass', 'fail')), ['rolling-update control: held (2): – → fail']);
    assert.deepEqual(rows(asked('pass', 'fail'), asked('pass')), ['rolling-update control: held (2): fail → –']);
  });

  it('include an arm that was added or removed', async () => {
    const without = withArm(await passingRun(), 'neither', () => []);
    assert.ok(rows(await passingRun(), without).includes('rolling-update neither: verdict: pass → –'));
    assert.ok(rows(without, await passingRun()).includes('rolling-update neither: verdict: – → pass'));
  });

  it('are one table for all runs', () => {
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
