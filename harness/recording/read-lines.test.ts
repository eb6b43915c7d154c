import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ArmFolder } from './arm-folder.ts';
import { damageInWords } from './damage.ts';
import { readLines, readRecords } from './read-lines.ts';

describe('reading a recording', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-recording-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const number = (value: unknown) => (Array.isArray(value) && typeof value[0] === 'number' ? value[0] : undefined);

  async function numbers(file = 'events.ndjson'): Promise<{ values: number[]; damage: string[] }> {
    const arm = new ArmFolder(folder, '');
    const values: number[] = [];
    for await (const batch of readRecords(arm, file, number)) values.push(...batch);
    return { values, damage: arm.damage.list().map(damageInWords) };
  }

  it('reads a plain file and a compressed one', async () => {
    await writeFile(join(folder, 'events.ndjson'), '[1]\n[2]\n');
    await writeFile(join(folder, 'clock.ndjson.gz'), gzipSync('[3]\n[4]\n'));
    assert.deepEqual(await numbers(), { values: [1, 2], damage: [] });
    assert.deepEqual(await numbers('clock.ndjson'), { values: [3, 4], damage: [] });
  });

  it('parses a line when its value is taken, so that the values of a batch are never held at once', async () => {
    await writeFile(join(folder, 'events.ndjson'), '[1]\n[2]\n[3]\n');
    let parsed = 0;
    const counting = (value: unknown) => {
      parsed += 1;
      return number(value);
    };
    for await (const batch of readRecords(new ArmFolder(folder, ''), 'events.ndjson', counting)) {
      assert.equal(parsed, 0);
      for (const value of batch) assert.equal(parsed, value);
    }
    assert.equal(parsed, 3);
  });

  it('hands lines out in batches of about 64 KiB, in a plain file and a sealed one', async () => {
    const text = 'ä'.repeat(99).concat('\n').repeat(5000);
    await writeFile(join(folder, 'events.ndjson'), text);
    await writeFile(join(folder, 'clock.ndjson.gz'), gzipSync(text));
    for (const file of ['events.ndjson', 'clock.ndjson']) {
      const arm = new ArmFolder(folder, '');
      const sizes: number[] = [];
      const all: string[] = [];
      for await (const { first, lines } of readLines(arm, file)) {
        assert.equal(first, all.length + 1);
        all.push(...lines);
        sizes.push(Buffer.byteLength(lines.join('\n')));
      }
      assert.equal(`${all.join('\n')}\n`, text);
      assert.deepEqual(arm.damage.list(), []);
      assert.ok(sizes.length > 15 && Math.max(...sizes) < 65 * 1024, String(sizes));
    }
  });

  it('returns the complete lines of a damaged file', async () => {
    await writeFile(join(folder, 'events.ndjson'), '[1]\nnonsense\n["text"]\n[4]\n[5]');
    assert.deepEqual(await numbers(), {
      values: [1, 4],
      damage: [
        'events.ndjson:2: not JSON',
        'events.ndjson:3: not what this file should hold',
        'events.ndjson:5: cut off in the middle of a line',
      ],
    });
  });

  it('returns the lines that can be unpacked from an archive that was cut off', async () => {
    const sealed = join(folder, 'events.ndjson.gz');
    const lines = Array.from({ length: 50_000 }, (_, index) => index * 7919);
    const packed = gzipSync(`${lines.map((line) => `[${line}]`).join('\n')}\n`);
    await writeFile(sealed, packed);
    await truncate(sealed, Math.floor(packed.length / 2));
    const { values, damage } = await numbers();
    assert.ok(values.length > 1000 && values.length < lines.length, `${values.length} values`);
    assert.deepEqual(values, lines.slice(0, values.length));
    assert.match(damage.join(), /events\.ndjson:\d+: unexpected end of file/);
  });

  it('reports a missing file', async () => {
    assert.deepEqual(await numbers(), { values: [], damage: ['events.ndjson: missing'] });
  });

  it('rejects links, sockets, folders and endless lines', async () => {
    await symlink('/etc/passwd', join(folder, 'requests-link.ndjson'));
    await mkdir(join(folder, 'requests-folder.ndjson'));
    const socket = createServer().listen(join(folder, 'requests-socket.ndjson'));
    await once(socket, 'listening');
    await writeFile(join(folder, 'requests-endless.ndjson'), `[1]\n${'9'.repeat(2 * 1024 ** 2)}\n`);
    assert.deepEqual((await numbers('requests-link.ndjson')).damage, [
      'requests-link.ndjson:1: a link, not a regular file',
    ]);
    for (const name of ['requests-folder.ndjson', 'requests-socket.ndjson']) {
      assert.deepEqual((await numbers(name)).damage, [`${name}:1: not a regular file`]);
    }
    socket.close();
    const { values, damage } = await numbers('requests-endless.ndjson');
    assert.deepEqual(values, [1]);
    assert.match(damage.join(), /requests-endless\.ndjson:2: .*longer than 1048576 characters/);
  });

  it('counts every damage and keeps the first places', async () => {
    await writeFile(join(folder, 'events.ndjson'), 'no\n'.repeat(900));
    const arm = new ArmFolder(folder, '');
    for await (const batch of readRecords(arm, 'events.ndjson', number)) assert.deepEqual([...batch], []);
    assert.equal(arm.damage.count, 900);
    assert.equal(arm.damage.list().length, 20);
  });

  it('stops after 1,000 damaged lines, and returns the lines before', async () => {
    await writeFile(join(folder, 'events.ndjson'), `[1]\n${'{\n'.repeat(999)}[2]\n${'\n'.repeat(100)}[3]\n`);
    const arm = new ArmFolder(folder, '');
    const values: number[] = [];
    for await (const batch of readRecords(arm, 'events.ndjson', number)) values.push(...batch);
    assert.deepEqual(values, [1, 2]);
    assert.equal(arm.damage.count, 1001);
  });

  it('reads 16 MiB of newlines in 19 KB of gzip quickly', async () => {
    const packed = gzipSync(Buffer.alloc(16 * 1024 ** 2, '\n'));
    assert.ok(packed.length < 20_000);
    await writeFile(join(folder, 'events.ndjson.gz'), packed);
    const started = process.cpuUsage();
    const { values, damage } = await numbers();
    assert.deepEqual(values, []);
    assert.deepEqual(damage.slice(0, 2), [
      'events.ndjson: 1000 of its lines are damaged, so the rest is not read',
      'events.ndjson:1: not JSON',
    ]);
    const { user, system } = process.cpuUsage(started);
    assert.ok(user + system < 1e6, `${user + system} µs`);
  });

  it('refuses an archive that unpacks to more than 200 times its size', async () => {
    const line = `[1]${' '.repeat(100_000)}\n`;
    const packed = gzipSync(line.repeat(400));
    await writeFile(join(folder, 'events.ndjson.gz'), packed);
    const { values, damage } = await numbers();
    assert.ok(values.length > 100 && values.length < 400, `${values.length} values`);
    assert.match(damage.join(), /^events\.ndjson:\d+: more than 200 times its compressed size$/);
  });

  it('rejects a value that is nested too deeply or sets a prototype, and continues', async () => {
    const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const lines = [
      `[1,${deep(63)}]`,
      `[2,${deep(64)}]`,
      deep(20_000),
      '[3,{"__proto__":{}}]',
      '[4,{"\\u005f_proto__":1}]',
      '[5]',
    ];
    await writeFile(join(folder, 'events.ndjson'), lines.map((line) => `${line}\n`).join(''));
    assert.deepEqual(await numbers(), {
      values: [1, 5],
      damage: [
        'events.ndjson:2: nested deeper than 64 levels',
        'events.ndjson:3: nested deeper than 64 levels',
        'events.ndjson:4: a field named __proto__',
        'events.ndjson:5: a field named __proto__',
      ],
    });
  });

  it('reads no more of an arm than its limit', () => {
    const arm = new ArmFolder(folder, '');
    arm.take(8 * 1024 ** 3);
    assert.throws(() => arm.take(1), /the arm holds more than the limit of 8589934592 bytes/);
  });

  it('stops when its signal aborts', async () => {
    await writeFile(join(folder, 'events.ndjson'), '[1]\n');
    const stop = new AbortController();
    const arm = new ArmFolder(folder, '', stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(async () => {
      for await (const _ of readRecords(arm, 'events.ndjson', number)) assert.fail('read on');
    }, /enough/);
    assert.equal(arm.damage.count, 0);
  });

  it('returns the same lines for all positions of chunks', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll(/[\n\r]/g, ' '));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 60 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 9000 }),
        async (lines, sealed, pad) => {
          // Padding shifts the boundaries of chunks through the lines and their multi-byte characters.
          const all = [
            'é'.repeat(pad),
            ...lines,
            ...Array.from({ length: 30 }, (_, index) => `${index}`.repeat(pad)),
            ...lines,
          ];
          const text = all.map((each) => `${each}\n`).join('');
          const path = join(folder, sealed ? 'clock.ndjson.gz' : 'clock.ndjson');
          await writeFile(path, sealed ? gzipSync(text, { level: 1 }) : text);
          const arm = new ArmFolder(folder, '');
          const read: string[] = [];
          for await (const batch of readLines(arm, 'clock.ndjson')) {
            assert.equal(batch.first, read.length + 1);
            read.push(...batch.lines);
          }
          await rm(path);
          assert.deepEqual(read, all);
          assert.equal(arm.damage.count, 0);
        },
      ),
      { numRuns: 30 },
    );
  });
});
