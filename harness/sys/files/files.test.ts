import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { exec } from '../exec.ts';
import {
  chunksOf,
  isFile,
  listFolder,
  openFile,
  readLink,
  readStream,
  readText,
  readUserFile,
  readWhole,
} from './read.ts';
import { UnfitFile } from './unfit-file.ts';
import {
  assertWritable,
  createStream,
  makeFolders,
  makeMissingFolder,
  makeNewFolder,
  makePrivateFolder,
  openAppend,
  pointLink,
  removeFile,
  startReplacement,
  writeAll,
  writeWhole,
} from './write.ts';

const limits = { maxBytes: 1000 };
const large = { maxBytes: 4_000_000 };
const modeOf = (path: string) => statSync(path).mode & 0o777;
const asRoot = process.getuid?.() === 0;

describe('files below a folder', () => {
  let root: string;
  let outside: string;

  beforeEach(async () => {
    const top = await mkdtemp(join(tmpdir(), 'holdfast-files-'));
    [root, outside] = [join(top, 'root'), join(top, 'outside')];
    for (const folder of [root, join(root, 'sub'), outside]) mkdirSync(folder);
    writeFileSync(join(outside, 'secret'), 'secret');
  });
  afterEach(() => rm(join(root, '..'), { recursive: true }));

  const at = (...path: string[]) => join(root, ...path);
  const streamed = async (path: string) => {
    const stream = readStream(root, path, limits);
    assert.ok(stream);
    return text(stream);
  };
  const chunked = async (path: string) => {
    const file = openFile(root, path, limits);
    assert.ok(file);
    return text(chunksOf(file));
  };
  const untouched = () => assert.equal(readFileSync(join(outside, 'secret'), 'utf8'), 'secret');

  describe('that are read', () => {
    it('are regular files, at any depth', async () => {
      writeFileSync(at('sub', 'file'), 'words');
      assert.equal(readText(root, 'sub/file', limits), 'words');
      assert.deepEqual(readWhole(root, 'sub/file', limits), Buffer.from('words'));
      assert.equal(await streamed('sub/file'), 'words');
      assert.equal(await chunked('sub/file'), 'words');
      writeFileSync(at('empty'), '');
      assert.equal(readText(root, 'empty', limits), '');
      assert.equal(await streamed('empty'), '');
      assert.equal(await chunked('empty'), '');
    });

    it('are read up to their size at the time of opening, and are closed', async () => {
      const content = 'x'.repeat(600_000);
      writeFileSync(at('file'), content);
      const open = () => readdirSync('/proc/self/fd').length;
      const before = open();
      const [grows, shrinks, left] = [1, 2, 3].map(() => openFile(root, 'file', large));
      assert.ok(grows && shrinks && left);
      writeFileSync(at('file'), `${content}more`);
      assert.equal(await text(chunksOf(grows)), content);
      for await (const chunk of chunksOf(left)) {
        assert.ok(chunk.length > 0);
        break;
      }
      const chunks = chunksOf(shrinks);
      assert.equal((await chunks.next()).done, false);
      writeFileSync(at('file'), '');
      assert.equal((await chunks.next()).done, true);
      assert.equal(open(), before);
    });

    it('are read into one buffer, however long they are', async () => {
      writeFileSync(at('file'), 'x'.repeat(600_000));
      const file = openFile(root, 'file', large);
      assert.ok(file);
      const buffers = new Set<ArrayBufferLike>();
      let length = 0;
      for await (const chunk of chunksOf(file)) {
        buffers.add(chunk.buffer);
        length += chunk.length;
      }
      assert.deepEqual([buffers.size, length], [1, 600_000]);
    });

    it('let other work run while chunks are read', async () => {
      writeFileSync(at('file'), 'x'.repeat(2_000_000));
      const file = openFile(root, 'file', large);
      assert.ok(file);
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      for await (const _ of chunksOf(file)) for (const end = performance.now() + 60; performance.now() < end; );
      clearInterval(timer);
      assert.ok(turns > 2, `${turns} turns`);
    });

    it('may be missing, and so may their folders', () => {
      assert.equal(readText(root, 'none', limits), undefined);
      assert.equal(readText(root, 'none/file', limits), undefined);
      assert.equal(listFolder(root, 'none', { maxEntries: 1 }), undefined);
    });

    it('are never reached through a link in any component', () => {
      symlinkSync(join(outside, 'secret'), at('link'));
      symlinkSync(outside, at('sub', 'folder'));
      symlinkSync(at('sub'), at('inside'));
      for (const path of ['link', 'sub/folder/secret', 'inside/file'])
        assert.throws(() => readText(root, path, limits), UnfitFile, path);
      assert.throws(() => listFolder(root, 'sub/folder', { maxEntries: 9 }), UnfitFile);
    });

    it('do not exist if they are a link or a folder', () => {
      symlinkSync(join(outside, 'secret'), at('link'));
      writeFileSync(at('sub', 'file'), 'words');
      assert.deepEqual(
        ['sub/file', 'sub', 'link', 'none', 'none/file'].map((path) => isFile(root, path)),
        [true, false, false, false, false],
      );
    });

    it('may be reached through links if the user named them, and must be regular files', async () => {
      symlinkSync(join(outside, 'secret'), at('link'));
      assert.equal(readUserFile(at('link'), limits), 'secret');
      assert.equal(readUserFile(at('none'), limits), undefined);
      assert.throws(() => readUserFile('/dev/zero', limits), UnfitFile);
      assert.throws(() => readUserFile(at('sub'), limits), UnfitFile);
      await exec('mkfifo', [at('pipe')]);
      assert.throws(() => readUserFile(at('pipe'), limits), UnfitFile);
    });

    it('have paths that stay below the folder', () => {
      for (const path of ['../outside/secret', '/etc/passwd', 'sub/../../outside/secret', 'a\0b', ''])
        assert.throws(() => readText(root, path, limits), UnfitFile, path);
    });

    it('are not pipes, devices or folders, and reading does not wait for these', async () => {
      await exec('mkfifo', [at('pipe')]);
      assert.throws(() => readText(root, 'pipe', limits), UnfitFile);
      assert.throws(() => readText(root, 'sub', limits), UnfitFile);
    });

    it('are rejected above the limit, even if they are sparse', () => {
      writeFileSync(at('sparse'), '');
      truncateSync(at('sparse'), 5 * 1024 ** 3);
      assert.throws(() => readText(root, 'sparse', limits), /5368709120 bytes, more than the limit of 1000/);
    });

    it('are listed with their kinds, up to a limit', () => {
      symlinkSync(outside, at('link'));
      writeFileSync(at('file'), 'four');
      assert.deepEqual(listFolder(root, '', { maxEntries: 3 }), [
        { name: 'file', kind: 'file', size: 4 },
        { name: 'link', kind: 'other', size: lstatSync(at('link')).size },
        { name: 'sub', kind: 'folder', size: statSync(at('sub')).size },
      ]);
      assert.throws(() => listFolder(root, '', { maxEntries: 2 }), /more than 2 files/);
    });
  });

  describe('that are written', () => {
    it('are complete, and readable only by their owner', async () => {
      writeWhole(root, 'sub/file', 'one');
      writeWhole(root, 'sub/file', 'two');
      assert.equal(readFileSync(at('sub', 'file'), 'utf8'), 'two');
      assert.equal(modeOf(at('sub', 'file')), 0o600);
      assert.deepEqual(await readdir(at('sub')), ['file']);
    });

    it('replace neither links nor pipes nor folders', async () => {
      symlinkSync(join(outside, 'secret'), at('link'));
      await exec('mkfifo', [at('pipe')]);
      for (const name of ['link', 'pipe', 'sub']) assert.throws(() => writeWhole(root, name, 'words'), UnfitFile, name);
      for (const name of ['link', 'pipe', 'sub']) assert.throws(() => openAppend(root, name), UnfitFile, name);
      for (const name of ['link', 'pipe', 'sub']) assert.throws(() => createStream(root, name), UnfitFile, name);
      untouched();
      assert.ok(lstatSync(at('link')).isSymbolicLink());
    });

    it('are not written to a folder behind a link', () => {
      symlinkSync(outside, at('folder'));
      assert.throws(() => writeWhole(root, 'folder/secret', 'words'), UnfitFile);
      assert.throws(() => openAppend(root, 'folder/secret'), UnfitFile);
      assert.throws(() => makeFolders(root, 'folder/new'), UnfitFile);
      assert.ok(!existsSync(join(outside, 'new')));
      untouched();
    });

    it('are refused before the work whose result they are', async () => {
      symlinkSync(join(outside, 'secret'), at('link'));
      await exec('mkfifo', [at('pipe')]);
      for (const name of ['link', 'pipe', 'sub']) assert.throws(() => assertWritable(root, name), UnfitFile, name);
      assertWritable(root, 'file');
      assert.ok(!existsSync(at('file')));
    });

    it('leave nothing behind on a full disk', async () => {
      assert.throws(() => writeWhole(root, 'none/file', 'words'), { code: 'ENOENT' });
      assert.deepEqual(await readdir(root), ['sub']);
    });

    it('can be streams into new files', async () => {
      const stream = createStream(root, 'stream');
      stream.end('words');
      await finished(stream);
      assert.equal(readFileSync(at('stream'), 'utf8'), 'words');
      assert.equal(modeOf(at('stream')), 0o600);
      assert.throws(() => createStream(root, 'stream'), /already exists/);
    });

    it('are replaced when the new version is complete, or stay unchanged', async () => {
      writeFileSync(at('sub', 'archive'), 'old');
      const given = startReplacement(root, 'sub/archive');
      given.stream.end('half');
      await finished(given.stream);
      given.discard();
      assert.equal(readFileSync(at('sub', 'archive'), 'utf8'), 'old');
      const kept = startReplacement(root, 'sub/archive', { mode: 0o644 });
      kept.stream.end('new');
      await finished(kept.stream);
      kept.keep();
      kept.discard();
      assert.equal(readFileSync(at('sub', 'archive'), 'utf8'), 'new');
      assert.equal(modeOf(at('sub', 'archive')), 0o644);
      assert.deepEqual(await readdir(at('sub')), ['archive']);
    });

    it('are not replaced through a link, a pipe or a folder', async () => {
      symlinkSync(join(outside, 'secret'), at('link'));
      await exec('mkfifo', [at('pipe')]);
      for (const name of ['link', 'pipe', 'sub']) assert.throws(() => startReplacement(root, name), UnfitFile, name);
      assert.throws(() => startReplacement(root, 'none/archive'), { code: 'ENOENT' });
      untouched();
    });

    it('are removed, but folders are not', () => {
      writeFileSync(at('file'), 'words');
      symlinkSync(join(outside, 'secret'), at('link'));
      for (const name of ['file', 'link', 'none', 'none/file']) removeFile(root, name);
      assert.throws(() => removeFile(root, 'sub'), /sub is a folder, not a file/);
      assert.deepEqual(readdirSync(root), ['sub']);
      untouched();
    });

    it('are appended to', () => {
      for (const words of ['one', 'two']) {
        const fd = openAppend(root, 'journal');
        writeAll(fd, Buffer.from(words));
        closeSync(fd);
      }
      assert.equal(readFileSync(at('journal'), 'utf8'), 'onetwo');
    });
  });

  describe('that are folders', () => {
    it('are created if they are missing, only for their owner', () => {
      makeFolders(root, 'one/two');
      makeFolders(root, 'one/two');
      assert.equal(modeOf(at('one', 'two')), 0o700);
      assert.equal(makeNewFolder(root, 'run'), true);
      assert.equal(makeNewFolder(root, 'run'), false);
      symlinkSync(outside, at('link'));
      assert.equal(makeNewFolder(root, 'link'), false);
    });

    it('lose the rights of other users when they become private', () => {
      chmodSync(at('sub'), 0o755);
      makePrivateFolder(at('sub'));
      assert.equal(modeOf(at('sub')), 0o700);
    });

    it('are not made private through a link, whose target may be any folder of this user', () => {
      chmodSync(at('sub'), 0o755);
      symlinkSync('sub', at('link'));
      symlinkSync('none', at('broken'));
      writeFileSync(at('file'), '');
      for (const name of ['link', 'broken', 'file'])
        assert.throws(() => makePrivateFolder(at(name)), /is not a folder, but a link or a file\. Replace it/, name);
      assert.equal(modeOf(at('sub')), 0o755);
      makePrivateFolder(at('link', 'below'));
      assert.equal(modeOf(at('sub', 'below')), 0o700);
    });

    it('are created with their parents, and existing ones are not changed', () => {
      makeMissingFolder(at('one', 'two'));
      assert.equal(modeOf(at('one', 'two')), 0o700);
      chmodSync(at('sub'), 0o755);
      makeMissingFolder(at('sub'));
      assert.equal(modeOf(at('sub')), 0o755);
    });

    it('are replaced by a link only if they are a link', () => {
      pointLink(root, 'latest', 'one');
      pointLink(root, 'latest', 'two');
      assert.throws(() => pointLink(root, 'sub', 'one'), UnfitFile);
      assert.equal(lstatSync(at('latest')).isSymbolicLink(), true);
      assert.equal(readLink(root, 'latest'), 'two');
      assert.equal(readLink(root, 'sub'), undefined);
      assert.equal(readLink(root, 'none'), undefined);
    });

    if (asRoot)
      it('may belong to another user for an export', async () => {
        chownSync(at('sub'), 65534, 65534);
        const { stream, keep } = startReplacement(root, 'sub/archive');
        stream.end('words');
        await finished(stream);
        keep();
        assert.equal(readFileSync(at('sub', 'archive'), 'utf8'), 'words');
      });

    if (asRoot)
      it('are not written to if they belong to another user', () => {
        chownSync(at('sub'), 65534, 65534);
        assert.throws(
          () => writeWhole(root, 'sub/file', 'words'),
          /belongs to user 65534, but holdfast runs as user 0/,
        );
        assert.throws(() => assertWritable(root, 'sub/file'), /belongs to user 65534/);
        assert.throws(() => openAppend(root, 'sub/file'), UnfitFile);
        assert.throws(() => makePrivateFolder(at('sub')), UnfitFile);
        assert.throws(() => makeFolders(root, 'sub'), UnfitFile);
      });
  });
});
