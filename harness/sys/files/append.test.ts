import assert from 'node:assert/strict';
import fs, { mkdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '../exec.ts';
import { appendWhole, cutAfter } from './append.ts';
import { closeFile } from './read.ts';
import { makeMissingFolder, openAppend } from './write.ts';

describe('appending to a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-append-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('continues at its end, also after a truncation', () => {
    const file = openAppend(folder, 'log');
    appendWhole(file, 'one\n');
    appendWhole(file, 'two\n');
    cutAfter(file, 4);
    appendWhole(file, 'three\n');
    closeFile({ fd: file });
    assert.equal(readFileSync(join(folder, 'log'), 'utf8'), 'one\nthree\n');
  });

  it('writes everything to disk before it returns', () => {
    const path = join(folder, 'log');
    const synced: string[] = [];
    const { fsyncSync } = fs;
    fs.fsyncSync = (fd) => {
      fsyncSync(fd);
      synced.push(readFileSync(path, 'utf8'));
    };
    syncBuiltinESMExports();
    try {
      const file = openAppend(folder, 'log');
      synced.length = 0;
      appendWhole(file, 'one\n');
      assert.deepEqual(synced, ['one\n']);
      appendWhole(file, 'two\n');
      assert.deepEqual(synced, ['one\n', 'one\ntwo\n']);
      closeFile({ fd: file });
    } finally {
      fs.fsyncSync = fsyncSync;
      syncBuiltinESMExports();
    }
  });

  it('leaves no partial line on a full disk', async () => {
    const script = `
      const { appendWhole } = await import(process.argv[1] + 'append.ts');
      const { openAppend } = await import(process.argv[1] + 'write.ts');
      const file = openAppend(process.argv[2], 'log');
      appendWhole(file, 'one');
      try {
        appendWhole(file, 'x'.repeat(100_000));
      } catch (error) {
        console.log(error.code);
      }`;
    const node = [
      process.execPath,
      '--input-type=module',
      '--eval',
      script,
      new URL('.', import.meta.url).href,
      folder,
    ];
    const limited = 'trap "" XFSZ; ulimit -f 2; exec "$@"';
    const { stdout } = await exec('sh', ['-c', limited, 'sh', ...node], { env: { NODE_COMPILE_CACHE: '' } });
    assert.equal(stdout, 'EFBIG');
    assert.equal(readFileSync(join(folder, 'log'), 'utf8'), 'one');
  });

  it('may be in a new folder; an existing folder keeps its mode', () => {
    mkdirSync(join(folder, 'shared'), { mode: 0o755 });
    makeMissingFolder(join(folder, 'shared'));
    makeMissingFolder(join(folder, 'one', 'two'));
    const modes = ['shared', 'one', 'one/two'].map((name) => statSync(join(folder, name)).mode & 0o777);
    assert.deepEqual(modes, [0o755, 0o700, 0o700]);
  });
});
