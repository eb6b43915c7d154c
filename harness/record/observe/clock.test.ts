import assert from 'node:assert/strict';
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('says what share of the CPU time was stolen since it was last asked', async () => {
    const clock = await observeClock(path());
    const [first, second] = [clock.stolen(), clock.stolen()];
    await clock.stop();
    assert.ok(first >= 0 && first <= 1);
    assert.equal(second, 0);
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
