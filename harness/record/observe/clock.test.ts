import assert from 'node:assert/strict';
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClockSample } from '../../model/event.ts';
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

  it('writes samples to a new file that only its owner can read, and may be stopped twice', async () => {
    const clock = await observeClock(path());
    await clock.stop();
    await clock.stop();
    assert.match(readFileSync(path(), 'utf8'), /^\{"at":\d+,"monotonic":\d+,.*"cpu":\{"holdfast":\d.*\}\}\n$/);
    assert.equal(statSync(path()).mode & 0o777, 0o600);
  });

  it('reports the share of stolen CPU time and the longest delay since the last call', async () => {
    const clock = await observeClock(path());
    const { stolen } = clock.strain();
    assert.ok(stolen >= 0 && stolen <= 1, `${stolen}`);
    // The delay is sampled every 10 ms.
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

  it('does not wait for the times of pods, and compares only consecutive readings', async () => {
    let readings = 0;
    let reading = 0;
    const slow = {
      async read() {
        assert.equal(reading++, 0, 'two at once');
        // The second reading takes longer than the time to the next sample.
        if (++readings === 2) await sleep(1200);
        reading--;
        // A tenth of one CPU.
        return new Map([['uid', performance.now() * 100]]);
      },
    };
    const clock = await observeClock(path(), slow);
    await sleep(3300);
    await clock.stop();
    const samples = readFileSync(path(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ClockSample);
    assert.ok(samples.length >= 3);
    for (const [index, { at, cpu }] of samples.entries()) {
      assert.ok(at - (samples[index - 1]?.at ?? at) < 1_800_000, 'a sample waited');
      for (const share of [cpu?.holdfast ?? 0, cpu?.pods?.uid ?? 0]) assert.ok(share >= 0 && share <= 1.1, `${share}`);
    }
    assert.ok(samples.some(({ cpu }) => (cpu?.pods?.uid ?? 0) > 0));
  });

  it('does not write to an existing file', async () => {
    writeFileSync(join(folder, 'victim'), 'victim');
    symlinkSync(join(folder, 'victim'), path());
    await assert.rejects(observeClock(path()), UnfitFile);
    assert.equal(readFileSync(join(folder, 'victim'), 'utf8'), 'victim');
  });

  it('does not end the process if the disk is full', async () => {
    // The limit of the shell on file sizes simulates a full disk. The trap makes the write fail instead of the process.
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
