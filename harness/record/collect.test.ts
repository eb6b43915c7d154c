import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectFiles } from './collect.ts';

describe('collecting evidence', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-collect-'));
    await mkdir(join(folder, 'pods'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const collect = () => collectFiles(join(folder, 'pods'), join(folder, 'run'));

  it('copies regular files, empty ones not', async () => {
    await writeFile(join(folder, 'pods', 'web-1.ndjson'), '{}\n');
    await writeFile(join(folder, 'pods', 'empty.ndjson'), '');
    assert.deepEqual(await collect(), []);
    assert.deepEqual(await readdir(join(folder, 'run')), ['web-1.ndjson']);
    assert.equal(await readFile(join(folder, 'run', 'web-1.ndjson'), 'utf8'), '{}\n');
  });

  it('follows no link, and says so', async () => {
    await writeFile(join(folder, 'secret'), 'secret');
    await symlink(join(folder, 'secret'), join(folder, 'pods', 'web-1.ndjson'));
    assert.deepEqual(await collect(), ['web-1.ndjson: not a regular file with a plain name']);
    assert.deepEqual(await readdir(join(folder, 'run')), []);
  });

  it('overwrites nothing that was recorded', async () => {
    await mkdir(join(folder, 'run'));
    await writeFile(join(folder, 'run', 'events.ndjson'), 'ours');
    await writeFile(join(folder, 'pods', 'events.ndjson'), 'forged');
    await assert.rejects(collect(), /EEXIST/);
    assert.equal(await readFile(join(folder, 'run', 'events.ndjson'), 'utf8'), 'ours');
  });

  it('finds nothing where a pod never wrote', async () => {
    await rm(join(folder, 'pods'), { recursive: true });
    assert.deepEqual(await collect(), []);
  });
});
