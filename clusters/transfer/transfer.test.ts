import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { artefactsDir } from '../cache.ts';
import { packArtefacts, unpackArtefacts } from './archive.ts';
import { checkFit } from './import.ts';
import { parseManifest } from './manifest.ts';

describe('transfer', () => {
  let root = '';
  const before = process.env.XDG_CACHE_HOME;
  const useCache = (name: string) => {
    process.env.XDG_CACHE_HOME = join(root, name);
  };
  const archive = () => join(root, 'lab.tar.zst');
  const folders = ['kind-00ff', 'node-1.37-00aa'];
  const acceptAll = () => {};
  const imported = () => readdir(artefactsDir()).catch(() => []);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'transfer-'));
    useCache('here');
    for (const folder of [...folders, 'other-1234']) await mkdir(join(artefactsDir(), folder), { recursive: true });
    await writeFile(join(artefactsDir(), 'kind-00ff/kind'), '#!/bin/sh\n', { mode: 0o755 });
    await writeFile(join(artefactsDir(), 'node-1.37-00aa/images.tar'), 'layer '.repeat(100_000));
    await packArtefacts(folders, archive());
    useCache('there');
  });
  afterEach(async () => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
    await rm(root, { recursive: true });
  });

  const refused = async (why: RegExp) => {
    await assert.rejects(unpackArtefacts(archive(), acceptAll), why);
    assert.deepEqual(await imported(), []);
  };
  const alter = async (from: string, to: string) => {
    const tar = zstdDecompressSync(await readFile(archive())).toString('latin1');
    assert.ok(tar.includes(from));
    await writeFile(archive(), zstdCompressSync(Buffer.from(tar.replace(from, to), 'latin1')));
  };

  it('brings artefacts, with their modes, and leaves nothing else behind', async () => {
    await unpackArtefacts(archive(), acceptAll);
    assert.deepEqual((await imported()).sort(), folders);
    assert.equal(await readFile(join(artefactsDir(), 'kind-00ff/kind'), 'utf8'), '#!/bin/sh\n');
    assert.deepEqual((await readdir(root)).sort(), ['here', 'lab.tar.zst', 'there']);
  });

  it('keeps what is there already', async () => {
    await mkdir(join(artefactsDir(), 'kind-00ff'), { recursive: true });
    await unpackArtefacts(archive(), acceptAll);
    assert.deepEqual(await readdir(join(artefactsDir(), 'kind-00ff')), []);
  });

  for (const size of [0, 10, 200]) {
    it(`refuses an archive that was cut off after ${size} bytes`, async () => {
      await truncate(archive(), size);
      await refused(/Nothing was imported .*(cut off|manifest)/s);
    });
  }

  it('refuses an archive that was cut off near its end', async () => {
    await truncate(archive(), (await readFile(archive())).length - 20);
    await refused(/cut off/);
  });

  it('refuses what is no archive', async () => {
    await writeFile(archive(), 'hello');
    await refused(/not an archive/);
  });

  it('refuses a file that does not exist', async () => {
    await rm(archive());
    await refused(/no such file/);
  });

  it('refuses an altered file', async () => {
    await alter('layer layer layer', 'layer fayer layer');
    await refused(/node-1.37-00aa\/images.tar was altered/);
  });

  it('refuses a file that its manifest does not name, or names in vain', async () => {
    await alter('"kind":', '"mind":');
    await refused(/kind-00ff\/mind is missing/);
  });

  it('refuses what the importer does not accept', async () => {
    const accept = () => {
      throw new Error('not mine');
    };
    await assert.rejects(unpackArtefacts(archive(), accept), /not mine/);
    assert.deepEqual(await imported(), []);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const interrupted = AbortSignal.abort(new Error('interrupted'));
    await assert.rejects(unpackArtefacts(archive(), acceptAll, interrupted), /^Error: interrupted$/);
    assert.deepEqual(await imported(), []);
    useCache('here');
    const there = await imported();
    await assert.rejects(packArtefacts(folders, join(root, 'second'), interrupted), /^Error: interrupted$/);
    assert.deepEqual(await imported(), there);
    assert.ok(!(await readdir(root)).some((name) => name.startsWith('second')));
  });

  it('says where it cannot write', async () => {
    useCache('here');
    await assert.rejects(
      packArtefacts(folders, join(root, 'absent/lab')),
      /Nothing was exported to .*absent\/lab: ENOENT/,
    );
  });

  it('exports no link', async () => {
    useCache('here');
    await symlink('/etc/passwd', join(artefactsDir(), 'kind-00ff/link'));
    await assert.rejects(packArtefacts(folders, join(root, 'second')), /neither a file nor a folder/);
    assert.deepEqual((await readdir(root)).sort(), ['here', 'lab.tar.zst']);
  });
});

describe('parseManifest', () => {
  const manifest = (path: string) =>
    JSON.stringify({ holdfastLab: 1, arch: arch(), artefacts: { 'kind-00ff': { [path]: 'a'.repeat(64) } } });

  it('reads paths below an artefact', () => assert.ok(parseManifest(manifest('bin/kind-1.2'))));
  for (const path of ['../kind', '/etc/passwd', 'a/../../b', '']) {
    it(`refuses "${path}"`, () => assert.throws(() => parseManifest(manifest(path)), /manifest is damaged/));
  }
});

describe('checkFit', () => {
  const manifest = { holdfastLab: 1 as const, arch: arch(), artefacts: { 'kind-00ff': {} } };

  it('wants every artefact of this checkout', () => {
    checkFit(manifest, ['kind-00ff']);
    assert.throws(
      () => checkFit(manifest, ['kind-00ff', 'k6-image-1234']),
      /another state of the checkout.*k6-image-1234/,
    );
  });

  it('wants this kind of machine', () => {
    assert.throws(() => checkFit({ ...manifest, arch: 'sparc' }, ['kind-00ff']), /made for sparc/);
  });
});
