import assert from 'node:assert/strict';
import { judgeRun } from '../judge.ts';
import { armSettings, runFiles, syntheticArm, withFolder } from '../synthetic/run-files.ts';

const arms = (['control', 'treatment', 'neither'] as const).map((name) =>
  syntheticArm(name, armSettings[name], { seed: 3 }),
);

/** The treatment's fresh requests, late by 80 ms where `isLate` says so of a row's share of the file. */
async function arose(isLate: (share: number) => boolean): Promise<string | undefined> {
  const files = runFiles(arms);
  const path = 'rolling-update/treatment/requests-fresh.ndjson';
  const lines = files[path] ?? [];
  const late = lines.map((line, index) =>
    isLate(index / lines.length)
      ? line.replace(/^\[(\d+),(\d+)/, (_, seq, due) => `[${seq},${Number(due) - 80_000}`)
      : line,
  );
  const { experiments } = await withFolder({ ...files, [path]: late }, judgeRun);
  const findings = experiments[0]?.arms.find(({ role }) => role === 'treatment')?.findings;
  const found = findings?.find(({ check }) => check === 'the load was delivered');
  assert.equal(found?.verdict, 'inconclusive');
  return found?.arose;
}

describe('a generator that sends late', () => {
  it('was late before the fault, if it was in the baseline', async () =>
    assert.equal(await arose(() => true), 'before-fault'));

  it('may be late because of the fault, if it was not', async () =>
    assert.equal(await arose((share) => share > 0.7), 'after-fault'));
});
