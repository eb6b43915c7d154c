import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { DamageLog, damageInWords } from './damage.ts';
import { readLines, readRecords } from './read-lines.ts';

describe('reading a recording', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-recording-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);

  async function numbers(file = 'x.ndjson'): Promise<{ values: number[]; damage: string[] }> {
    const damage = new DamageLog();
    const values: number[] = [];
    for await (const batch of readRecords(folder, file, damage, number)) values.push(...batch);
    return { values, damage: damage.list().map(damageInWords) };
  }

  it('reads a plain file and a sealed one', async () => {
    await writeFile(join(folder, 'x.ndjson'), '1\n2\n');
    await writeFile(join(folder, 'y.ndjson.gz'), gzipSync('3\n4\n'));
    assert.deepEqual(await numbers(), { values: [1, 2], damage: [] });
    assert.deepEqual(await numbers('y.ndjson'), { values: [3, 4], damage: [] });
  });

  it('keeps what is whole of a file that is not', async () => {
    await writeFile(join(folder, 'x.ndjson'), '1\nnonsense\n"text"\n4\n5');
    assert.deepEqual(await numbers(), {
      values: [1, 4],
      damage: [
        'x.ndjson:2: not JSON',
        'x.ndjson:3: not what this file should hold',
        'x.ndjson:5: cut off in the middle of a line',
      ],
    });
  });

  it('keeps what can be unpacked of an archive that was cut off', async () => {
    const sealed = join(folder, 'x.ndjson.gz');
    const lines = Array.from({ length: 50_000 }, (_, index) => index * 7919);
    const packed = gzipSync(`${lines.join('\n')}\n`);
    await writeFile(sealed, packed);
    await truncate(sealed, packed.length / 2);
    const { values, damage } = await numbers();
    assert.ok(values.length > 1000 && values.length < lines.length, `${values.length} values`);
    assert.deepEqual(values, lines.slice(0, values.length));
    assert.match(damage.join(), /x\.ndjson:\d+: unexpected end of file/);
  });

  it('says that a file is missing', async () => {
    assert.deepEqual(await numbers(), { values: [], damage: ['x.ndjson: missing'] });
  });

  it('reads neither links nor sockets nor folders nor endless lines', async () => {
    await symlink('/etc/passwd', join(folder, 'link.ndjson'));
    await mkdir(join(folder, 'folder.ndjson'));
    const socket = createServer().listen(join(folder, 'socket.ndjson'));
    await once(socket, 'listening');
    await writeFile(join(folder, 'endless.ndjson'), `1\n${'9'.repeat(2 * 1024 ** 2)}\n`);
    assert.deepEqual((await numbers('link.ndjson')).damage, ['link.ndjson:1: a link, not a regular file']);
    for (const name of ['folder.ndjson', 'socket.ndjson']) {
      assert.deepEqual((await numbers(name)).damage, [`${name}:1: not a regular file`]);
    }
    socket.close();
    const { values, damage } = await numbers('endless.ndjson');
    assert.deepEqual(values, [1]);
    assert.match(damage.join(), /endless\.ndjson:2: .*longer than 1048576 characters/);
  });

  it('counts every damage and keeps the first places', async () => {
    await writeFile(join(folder, 'x.ndjson'), 'no\n'.repeat(1000));
    const damage = new DamageLog();
    for await (const batch of readRecords(folder, 'x.ndjson', damage, number)) assert.deepEqual(batch, []);
    assert.equal(damage.count, 1000);
    assert.equal(damage.list().length, 20);
  });

  it('hands out the same lines as reading all at once, wherever chunks end', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll(/[\n\r]/g, ' '));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 60 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 9000 }),
        async (lines, sealed, pad) => {
          // Padding moves the chunks' ends through the lines, and through their multi-byte characters.
          const all = [
            'é'.repeat(pad),
            ...lines,
            ...Array.from({ length: 30 }, (_, index) => `${index}`.repeat(pad)),
            ...lines,
          ];
          const text = all.map((each) => `${each}\n`).join('');
          const path = join(folder, sealed ? 'p.ndjson.gz' : 'p.ndjson');
          await writeFile(path, sealed ? gzipSync(text, { level: 1 }) : text);
          const damage = new DamageLog();
          const read: string[] = [];
          for await (const batch of readLines(folder, 'p.ndjson', damage)) {
            assert.equal(batch.first, read.length + 1);
            read.push(...batch.lines);
          }
          await rm(path);
          assert.deepEqual(read, all);
          assert.equal(damage.count, 0);
        },
      ),
      { numRuns: 30 },
    );
  });
});
