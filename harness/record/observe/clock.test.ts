import assert from 'node:assert/strict';
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep } from '../../sys/clock.ts';
import { exec } from '../../sys/exec.ts';
import { UnfitFile } from '../../sys/files/unfit-file.ts';
import { observeClock } from './clock.ts';

describe('observing the clock', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-clock-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const path = () => join(folder, 'clock.ndjson');

  it('writes samples into a new file, for its owner alone, and may be stopped twice', async () => {
    const clock = await observeClock(path());
    await clock.stop();
    await clock.stop();
    assert.match(readFileSync(path(), 'utf8'), /^\{"at":\d+,"monotonic":\d+,.*"cpu":\{"holdfast":\d.*\}\}\n$/);
    assert.equal(statSync(path()).mode & 0o777, 0o600);
  });

  it('says what share of the CPU time was stolen, and how long it waited, since it was last asked', async () => {
    const clock = await observeClock(path());
    clock.strain();
    // The delay is measured every 10 ms.
    await sleep(50);
    for (const from = performance.now(); performance.now() - from < 300; );
    await sleep(50);
    const [first, second] = [clock.strain(), clock.strain()];
    await sleep(1100);
    await clock.stop();
    assert.ok(first.stolen >= 0 && first.stolen <= 1);
    assert.equal(second.stolen, 0);
    assert.ok(first.heldMs >= 200, `${first.heldMs}`);
    assert.ok(second.heldMs < first.heldMs);
    const samples = readFileSync(path(), 'utf8').trim().split('\n');
    const delays = samples.map((line) => (JSON.parse(line) as { loopDelayMs: number }).loopDelayMs);
    assert.ok(Math.max(...delays.slice(1)) >= 200, 'it is recorded all the same');
  });

  it('takes no sample while one is being taken, of which either would be held against the other', async () => {
    // The third reading, which the second sample takes, ends after the next sample would.
    let readings = 0;
    const slow = {
      async read() {
        if (++readings === 3) await sleep(1200);
        return undefined;
      },
    };
    const clock = await observeClock(path(), slow);
    await sleep(2500);
    await clock.stop();
    const shares = readFileSync(path(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { cpu: { holdfast: number } }).cpu.holdfast);
    assert.ok(shares.length > 1);
    for (const share of shares) assert.ok(share >= 0 && share <= 1.1, `${share} of the CPU time`);
  });

  it('goes into nothing that is there already', async () => {
    writeFileSync(join(folder, 'victim'), 'victim');
    symlinkSync(join(folder, 'victim'), path());
    await assert.rejects(observeClock(path()), UnfitFile);
    assert.equal(readFileSync(join(folder, 'victim'), 'utf8'), 'victim');
  });

  it('ends no process because the disk is full', async () => {
    // The shell’s limit on the size of files is a disk that is full, and its trap has the write fail, not the process.
    const script = `
      const { observeClock } = await import(process.argv[1]);
      const clock = await observeClock(process.argv[2]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await clock.stop();
      console.log('goes on');`;
    const node = [process.execPath, '--input-type=module', '--eval', script];
    const module = new URL('clock.ts', import.meta.url).pathname;
    const limited = 'trap "" XFSZ; ulimit -f 0; exec "$@"';
    const { stdout } = await exec('sh', ['-c', limited, 'sh', ...node, module, path()], {
      env: { NODE_COMPILE_CACHE: '' },
    });
    assert.equal(stdout, 'goes on');
  });
});
