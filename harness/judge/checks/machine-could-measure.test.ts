import assert from 'node:assert/strict';
import { armSettings, runFiles, syntheticArm, withFolder } from '../../testing/worlds/run-files.ts';
import { judgeRun } from '../judge.ts';

const arms = (['control', 'treatment', 'neither'] as const).map((name) =>
  syntheticArm(name, armSettings[name], { seed: 3 }),
);

/** When the doubt about the machine arose, in a treatment with changed fresh requests. */
async function arose(change: (row: string, share: number) => string, words: RegExp): Promise<string | undefined> {
  const files = runFiles(arms);
  const path = 'rolling-update/treatment/requests-fresh.ndjson';
  const lines = files[path] ?? [];
  const changed = lines.map((line, index) => (line.startsWith('[') ? change(line, index / lines.length) : line));
  const { experiments } = await withFolder({ ...files, [path]: changed }, judgeRun);
  const findings = experiments[0]?.arms.find(({ role }) => role === 'treatment')?.findings;
  const found = findings?.find(({ check }) => check === 'machine-could-measure');
  assert.equal(found?.verdict, 'inconclusive');
  assert.match(found.measured, words);
  return found?.arose;
}

/** Makes rows due 80 ms before they were sent if `isLate` is true for their share of the file. */
const late = (isLate: (share: number) => boolean) => (row: string, share: number) =>
  isLate(share) ? row.replace(/^\[(\d+),(\d+)/, (_, seq, due) => `[${seq},${Number(due) - 80_000}`) : row;

/** Delays the requests of these 0.4 s to their end. */
const paused = (fromMs: number) => {
  const [from, to] = [fromMs * 1000, (fromMs + 400) * 1000];
  return (row: string) =>
    row.replace(/^\[(\d+),(\d+),(\d+),(\d+)/, (same, seq, due, start, end) =>
      Number(start) >= from && Number(start) < to ? `[${seq},${due},${to},${Math.max(to, Number(end))}` : same,
    );
};

describe('a generator that sends late', () => {
  it('was late before the fault if it was late in the baseline', async () =>
    assert.equal(
      await arose(
        late(() => true),
        /99 % sent within/,
      ),
      'before-fault',
    ));

  it('may be late because of the fault if it was on time in the baseline', async () =>
    assert.equal(
      await arose(
        late((share) => share > 0.7),
        /99 % sent within/,
      ),
      'after-fault',
    ));
});

describe('a generator that pauses and then catches up', () => {
  const { baseline, fault } = arms[1]?.world.phases ?? { baseline: 0, fault: 0 };

  it('paused before the fault if it paused in the baseline', async () =>
    assert.equal(await arose(paused(baseline + 1000), /sent nothing for 0\.4/), 'before-fault'));

  it('may have paused because of the fault if it did not pause in the baseline', async () =>
    assert.equal(await arose(paused(fault + 1000), /sent nothing for 0\.4/), 'after-fault'));
});

describe('a machine that could not measure', () => {
  it('used CPU time for the pods of holdfast itself, which have another namespace than the arm', async () => {
    const files = runFiles(arms);
    const path = (file: string) => `rolling-update/treatment/${file}`;
    const [header = '', first = '', ...events] = files[path('events.ndjson')] ?? [];
    const started = {
      at: JSON.parse(first).at,
      source: 'k8s-event',
      type: 'added',
      subject: 'uid-of-generator',
      kind: 'Pod',
      namespace: 'hf-treatment-helpers',
      name: 'generator-fresh',
      data: { reason: 'Started', message: '', type: 'Normal' },
    };
    const cpu = { holdfast: 0.05, pods: { 'uid-of-generator': 0.1, 'uid-of-dns': 0.02 } };
    const { experiments } = await withFolder(
      {
        ...files,
        [path('events.ndjson')]: [header, first, JSON.stringify(started), ...events],
        [path('requests-fresh.ndjson')]: (files[path('requests-fresh.ndjson')] ?? []).map((line) =>
          line.startsWith('[') ? late(() => true)(line, 1) : line,
        ),
        [path('clock.ndjson')]: (files[path('clock.ndjson')] ?? []).map((line) =>
          JSON.stringify({ ...JSON.parse(line), cpu, busy: 0.97, steal: 0.01, loopDelayMs: 120 }),
        ),
      },
      judgeRun,
    );
    const findings = experiments[0]?.arms.find(({ role }) => role === 'treatment')?.findings ?? [];
    const { measured = '', evidence = [] } = findings.find(({ check }) => check === 'machine-could-measure') ?? {};
    assert.match(measured, /the workload’s pods 0 %, other pods 2 %, holdfast 15 %, all else/);
    assert.deepEqual(
      evidence.slice(-3).map(({ text }) => text),
      [
        "holdfast's event loop was delayed by 120 ms",
        'at most 1 % of the CPU time was stolen',
        'at most 97 % of the CPU time was used',
      ],
    );
  });
});
