import assert from 'node:assert/strict';
import { lstatSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { exec } from '../../harness/sys/exec.ts';
import { artefactsDir } from '../cache.ts';
import { packArtefacts, unpackArtefacts } from './archive.ts';
import { checkFit } from './import.ts';
import { parseManifest } from './manifest.ts';
import { manifestOf, sha256, sparseMember, tarOf } from './testing/hostile-archive.ts';

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
  const modeOf = (path: string) => statSync(join(artefactsDir(), path)).mode & 0o7777;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'transfer-'));
    useCache('here');
    for (const folder of [...folders, 'other-1234']) await mkdir(join(artefactsDir(), folder), { recursive: true });
    await writeFile(join(artefactsDir(), 'kind-00ff/kind'), '#!/bin/sh\n');
    await chmod(join(artefactsDir(), 'kind-00ff/kind'), 0o755);
    await writeFile(join(artefactsDir(), 'node-1.37-00aa/images.tar'), 'layer '.repeat(100_000));
    await packArtefacts(folders, archive());
    useCache('there');
  });
  afterEach(async () => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
    await rm(root, { recursive: true });
  });

  const refused = async (why: RegExp, accept = acceptAll) => {
    await assert.rejects(unpackArtefacts(archive(), accept), why);
    assert.deepEqual(await imported(), []);
  };
  const alter = async (from: string, to: string) => {
    const tar = zstdDecompressSync(await readFile(archive())).toString('latin1');
    assert.ok(tar.includes(from));
    await writeFile(archive(), zstdCompressSync(Buffer.from(tar.replace(from, to), 'latin1')));
  };
  const write = (...parts: readonly Buffer[]) => writeFileSync(archive(), zstdCompressSync(Buffer.concat(parts)));

  it('copies artefacts and programs, and leaves nothing else behind', async () => {
    await unpackArtefacts(archive(), acceptAll);
    assert.deepEqual((await imported()).sort(), folders);
    assert.equal(await readFile(join(artefactsDir(), 'kind-00ff/kind'), 'utf8'), '#!/bin/sh\n');
    assert.equal((await readFile(join(artefactsDir(), 'node-1.37-00aa/images.tar'))).length, 600_000);
    assert.equal(modeOf('kind-00ff/kind'), 0o700);
    assert.equal(modeOf('node-1.37-00aa/images.tar'), 0o600);
    assert.deepEqual((await readdir(root)).sort(), ['here', 'lab.tar.zst', 'there']);
  });

  it('keeps existing artefacts', async () => {
    await mkdir(join(artefactsDir(), 'kind-00ff'), { recursive: true });
    await unpackArtefacts(archive(), acceptAll);
    assert.deepEqual(await readdir(join(artefactsDir(), 'kind-00ff')), []);
  });

  for (const size of [0, 10, 200]) {
    it(`refuses an archive that was cut off after ${size} bytes`, async () => {
      await truncate(archive(), size);
      await refused(/Nothing was imported .*truncated/s);
    });
  }

  it('refuses an archive that was cut off near its end', async () => {
    await truncate(archive(), (await readFile(archive())).length - 20);
    await refused(/truncated/);
  });

  it('refuses a file that is not an archive', async () => {
    await writeFile(archive(), 'hello');
    await refused(/was not written by "holdfast lab export"/);
  });

  it('refuses a file that does not exist', async () => {
    await rm(archive());
    await refused(/no such file/);
  });

  it('refuses a folder, and a pipe that never ends', async () => {
    await rm(archive());
    await mkdir(archive());
    await refused(/not a regular file/);
    await rm(archive(), { recursive: true });
    await exec('mkfifo', [archive()]);
    await refused(/not a regular file/);
  });

  it('follows a link that the user names', async () => {
    await symlink(archive(), join(root, 'latest'));
    await unpackArtefacts(join(root, 'latest'), acceptAll);
    assert.deepEqual((await imported()).sort(), folders);
  });

  it('refuses an altered file', async () => {
    await alter('layer layer layer', 'layer fayer layer');
    await refused(/node-1.37-00aa\/images.tar was changed/);
  });

  it('refuses a manifest with a file that is missing', async () => {
    await alter('kind-00ff/kind"', 'kind-00ff/mind"');
    await refused(/kind-00ff\/mind/);
    write(tarOf([{ name: 'manifest.json', content: manifestOf({ 'kind-00ff/kind': 'kind' }) }]));
    await refused(/kind-00ff\/kind is missing from it/);
  });

  it('refuses an archive that the importer rejects, before it unpacks anything', async () => {
    await refused(/not mine/, () => {
      assert.ok(!readdirSync(root).includes('there'));
      throw new Error('not mine');
    });
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const interrupted = AbortSignal.abort(new Error('interrupted'));
    await assert.rejects(unpackArtefacts(archive(), acceptAll, interrupted), /^Error: interrupted$/);
    assert.deepEqual(await imported(), []);
    const during = new AbortController();
    const accept = () => during.abort(new Error('interrupted'));
    await assert.rejects(unpackArtefacts(archive(), accept, during.signal), /^Error: interrupted$/);
    assert.deepEqual(await imported(), []);
    useCache('here');
    const there = await imported();
    await assert.rejects(packArtefacts(folders, join(root, 'second'), interrupted), /^Error: interrupted$/);
    assert.deepEqual(await imported(), there);
    assert.ok(!(await readdir(root)).some((name) => name.includes('second')));
  });

  it('names the folder that it cannot write', async () => {
    useCache('here');
    await assert.rejects(
      packArtefacts(folders, join(root, 'absent/lab')),
      /Nothing was exported to .*absent\/lab: there is no folder/,
    );
  });

  it('exports no links, and does not export through a link', async () => {
    useCache('here');
    symlinkSync(join(root, 'victim'), join(root, 'second'));
    await assert.rejects(packArtefacts(folders, join(root, 'second')), /not a regular file/);
    await symlink('/etc/passwd', join(artefactsDir(), 'kind-00ff/link'));
    await assert.rejects(packArtefacts(folders, join(root, 'third')), /neither a file nor a folder/);
    assert.deepEqual((await readdir(root)).sort(), ['here', 'lab.tar.zst', 'second']);
  });

  describe('of a hostile archive', () => {
    const kind = '#!/bin/sh\n';
    const manifest = { name: 'manifest.json', content: manifestOf({ 'kind-00ff/kind': kind }) };
    const member = { name: 'kind-00ff/kind', content: kind };

    it('copies only files in the manifest', async () => {
      const stranger = { name: 'evil-0123456789abcdef/su', mode: 0o4777, content: 'su' };
      write(tarOf([manifest, stranger, member, { ...stranger, name: 'kind-00ff/su' }]));
      await unpackArtefacts(archive(), acceptAll);
      assert.deepEqual(await imported(), ['kind-00ff']);
      assert.deepEqual(await readdir(join(artefactsDir(), 'kind-00ff')), ['kind']);
    });

    it('does not keep file modes', async () => {
      write(tarOf([manifest, { ...member, mode: 0o6777 }]));
      await unpackArtefacts(archive(), acceptAll);
      assert.equal(modeOf('kind-00ff/kind'), 0o700);
    });

    it('refuses a manifest that is a pipe, a link, sparse, large or late', async () => {
      write(tarOf([{ name: 'manifest.json', type: '6' }]));
      await refused(/its manifest is damaged/);
      write(tarOf([{ name: 'manifest.json', type: '2', link: '/etc/passwd' }]));
      await refused(/its manifest is damaged/);
      write(await sparseMember(root, 'manifest.json'), tarOf([]));
      await refused(/its manifest has more than 65536 bytes/);
      write(tarOf([{ name: 'manifest.json', content: ' '.repeat(70_000) }]));
      await refused(/its manifest has more than 65536 bytes/);
      write(tarOf([{ name: 'first', content: ' '.repeat(3_000_000) }, manifest, member]));
      await refused(/its manifest is not at its beginning/);
    });

    for (const [what, type, link] of [
      ['a link', '2', '/etc/passwd'],
      ['a hard link', '1', 'manifest.json'],
      ['a device', '3', ''],
      ['a pipe', '6', ''],
      ['a folder', '5', ''],
    ] as const)
      it(`refuses ${what} in place of a file`, async () => {
        write(tarOf([manifest, { name: member.name, type, link }]));
        await refused(/it holds less than its manifest says/);
      });

    it('refuses a file that is larger than in the manifest, even if the archive holds only a part of it', async () => {
      write(tarOf([manifest]).subarray(0, -1024), await sparseMember(root, member.name), tarOf([]));
      await refused(/was changed/);
      write(tarOf([manifest, member, member]));
      await refused(/it holds more than its manifest says/);
    });

    it('stops at an archive that unpacks to more than in its manifest', async () => {
      write(tarOf([manifest, member, { name: 'bomb', content: ' '.repeat(50_000_000) }]));
      await refused(/it unpacks to more bytes than its manifest says/);
    });

    it('stops tar when a header asks for more memory than an archive needs', async () => {
      const pax = { name: 'pax', type: 'x', size: 4 * 1024 ** 3 };
      write(tarOf([pax]));
      await refused(/memory exhausted|truncated/);
    });

    it('refuses a file whose path is the folder of another file', async () => {
      const files = { 'kind-00ff/a': '1', 'kind-00ff/a/b': '2' };
      const members = Object.entries(files).map(([name, content]) => ({ name, content }));
      write(tarOf([{ name: 'manifest.json', content: manifestOf(files) }, ...members]));
      await refused(/not a folder/);
    });

    it('writes nothing through a link that was in the cache before', async () => {
      await mkdir(artefactsDir(), { recursive: true });
      symlinkSync(root, join(artefactsDir(), `.partial-${process.pid}-import`));
      await unpackArtefacts(archive(), acceptAll);
      assert.deepEqual((await imported()).sort(), folders);
      assert.deepEqual((await readdir(root)).sort(), ['here', 'lab.tar.zst', 'there']);
      assert.ok(lstatSync(join(artefactsDir(), 'kind-00ff')).isDirectory());
    });
  });
});

describe('parseManifest', () => {
  const file = (changes: object = {}) => ({
    path: 'kind-00ff/kind',
    bytes: 1,
    sha256: sha256('k'),
    executable: true,
    ...changes,
  });
  const manifest = (...files: readonly object[]) => manifestOf({}, { files });

  it('reads paths below an artefact', () => {
    const { files } = parseManifest(manifest(file({ path: 'kind-00ff/bin/kind-1.2' })));
    assert.deepEqual(files, [file({ path: 'kind-00ff/bin/kind-1.2' })]);
  });
  for (const path of [
    '../kind',
    '/etc/passwd',
    'a/../../b',
    'a/./b',
    'a',
    'a/',
    'a/--b',
    'a/__proto__',
    'a/b\nc',
    '',
  ]) {
    it(`refuses "${path}"`, () => assert.throws(() => parseManifest(manifest(file({ path }))), /manifest is damaged/));
  }
  it('refuses a file that is named twice', () =>
    assert.throws(() => parseManifest(manifest(file(), file())), /manifest is damaged/));
  it('refuses more entries than a lab can have', () => {
    const many = Array.from({ length: 101 }, (_, index) => file({ path: `a/${index}` }));
    assert.throws(() => parseManifest(manifest(...many)), /manifest is damaged/);
    const large = file({ bytes: 8 * 1024 ** 3 });
    assert.throws(() => parseManifest(manifest(large, file({ path: 'a/b' }))), /8589934593 bytes, more than/);
    for (const bytes of [-1, 0.5, 1e300, '1'])
      assert.throws(() => parseManifest(manifest(file({ bytes }))), /manifest is damaged/);
  });
  it('refuses endless nesting, and anything that is no manifest', () => {
    for (const text of ['['.repeat(60_000), '', 'null', '[]', '{}', '{"holdfastLab":"2"}'])
      assert.throws(() => parseManifest(text), /manifest is damaged/);
  });
  it('reports that another version wrote it', () =>
    assert.throws(
      () => parseManifest(JSON.stringify({ holdfastLab: 1, arch: arch(), artefacts: {} })),
      /it has version 1, but this holdfast reads version 2. Export it again/,
    ));
});

describe('checkFit', () => {
  const manifest = parseManifest(manifestOf({ 'kind-00ff/kind': '' }));

  it('requires every artefact of this checkout', () => {
    checkFit(manifest, ['kind-00ff']);
    assert.throws(
      () => checkFit(manifest, ['kind-00ff', 'k6-image-1234']),
      /another commit \(missing: k6-image-1234\)/,
    );
  });

  it('refuses artefacts that a later checkout could use', () => {
    const poisoned = parseManifest(manifestOf({ 'kind-00ff/kind': '', 'kind-00fe/kind': '' }));
    assert.throws(() => checkFit(poisoned, ['kind-00ff']), /another commit \(unexpected: kind-00fe\)/);
  });

  it('requires the same architecture', () => {
    assert.throws(() => checkFit({ ...manifest, arch: 'sparc' }, ['kind-00ff']), /exported on sparc/);
  });
});
