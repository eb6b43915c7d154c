import assert from 'node:assert/strict';
import { readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '../../sys/exec.ts';
import { LiveCounts } from './live-counts.ts';

const columns = ['seq', 'due', 'start', 'end', 'code', 'err', 'status', 'reused', 'attempt', 'sport', 'pod'];
const header = (fields: readonly string[] = columns, epoch = 0) =>
  `${JSON.stringify({ schema: 'holdfast.requests/2', epoch, fields })}\n`;
const row = (code: number, seq = 1, attempt = 1) =>
  `[${seq},10,20,30,${code},"a \\"b\\", c",200,false,${attempt},40001,"web-1"]\n`;
const mebibyte = 1024 ** 2;
/** The bytes that this process has read from files (proc(5), `rchar`). */
const bytesRead = () => Number(/^rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);

describe('live counts', () => {
  let folder: string;
  let counts: LiveCounts;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-live-'));
    await mkdir(join(folder, 'arm'));
    counts = new LiveCounts(folder, 'arm/requests-fresh.ndjson');
  });
  afterEach(async () => {
    counts.close();
    await rm(folder, { recursive: true });
  });

  const path = () => join(folder, 'arm', 'requests-fresh.ndjson');
  const counted = () => [counts.answered, counts.failed, counts.unread];

  it('follow a file while it is written, also rows that are cut in two', async () => {
    counts.readMore();
    assert.deepEqual(counted(), [0, 0, 0]);
    await appendFile(path(), `${header()}${row(0)}${row(1212, 2).slice(0, 9)}`);
    counts.readMore();
    assert.deepEqual(counted(), [1, 0, 0]);
    await appendFile(path(), `${row(1212, 2).slice(9)}${row(0, 3)}`);
    counts.readMore();
    assert.deepEqual([...counted(), counts.ended], [2, 1, 0, false]);
    await appendFile(path(), '{"footer":true}\n');
    counts.readMore();
    assert.equal(counts.ended, true);
  });

  it('report how late requests were sent since a moment', async () => {
    const sent = (due: number, start: number) => `[1,${due},${start},${start + 900},0,"",200]\n`;
    await appendFile(path(), `${header(columns.slice(0, 7), 1_000_000)}${sent(0, 400_000)}`);
    counts.readMore();
    assert.deepEqual(counts.sends, { total: 0, late: 0, latestMs: 0 });
    counts.countSendsFrom(3_000_000);
    await appendFile(path(), sent(0, 1_999_999) + sent(2_000_000, 2_000_900) + sent(2_100_000, 2_151_000));
    counts.readMore();
    assert.deepEqual(counts.sends, { total: 2, late: 1, latestMs: 51 });
    counts.countSendsFrom(9_000_000);
    assert.deepEqual(counts.sends, { total: 0, late: 0, latestMs: 0 });
  });

  it('read columns by their names, in any order', async () => {
    const other = ['colour', 'code', 'err', 'start', 'pod', 'seq'];
    await appendFile(path(), `${header(other, 5)}["blue",1212,"x",20,"",0]\n[null,0,"",20,"web-1",1]\n[0,0,"",20]\n`);
    counts.countSendsFrom(0);
    counts.readMore();
    assert.deepEqual([...counted(), counts.sends.total], [1, 1, 1, 0]);
  });

  it('count a request once, by its last attempt', async () => {
    await appendFile(path(), header() + row(1220, 1) + row(0, 1, 2) + row(1220, 2) + row(1212, 2, 2) + row(0, 3));
    counts.countSendsFrom(0);
    counts.readMore();
    assert.deepEqual([...counted(), counts.sends.total], [2, 1, 0, 3]);
  });

  it('count lines that are not rows as unread, and continue', () => {
    const deep = '['.repeat(20_000);
    writeFileSync(path(), `${header()}root:x:0:0\n[]\n[1,2,3]\n${deep}\n["a",1,2,3,0]\n\n${row(0)}`);
    counts.readMore();
    assert.deepEqual(counted(), [1, 0, 6]);
  });

  it('read at most 1 MiB per call, of a file that claims to have 5 GB', () => {
    writeFileSync(path(), header() + row(0));
    truncateSync(path(), 5 * 1024 ** 3);
    const before = bytesRead();
    for (let looks = 0; looks < 40; looks++) counts.readMore();
    assert.deepEqual(counted(), [1, 0, 0]);
    const lookedAt = bytesRead() - before;
    assert.ok(lookedAt > 39 * mebibyte && lookedAt < 41 * mebibyte, `${lookedAt}`);
  });

  it('count a line that is too long as unread', async () => {
    writeFileSync(path(), `${header()}[${'1,'.repeat(mebibyte)}\n${row(0)}`);
    for (let looks = 0; looks < 4; looks++) counts.readMore();
    assert.deepEqual(counted(), [1, 0, 1]);
  });

  it('are fast if no line is a row', async () => {
    writeFileSync(path(), header());
    counts.readMore();
    await appendFile(path(), '[\n'.repeat(mebibyte / 2));
    const began = performance.now();
    counts.readMore();
    assert.equal(counts.unread, mebibyte / 2);
    assert.ok(performance.now() - began < 8000);
  });

  it('do not wait for a pipe, and follow no link', async () => {
    await exec('mkfifo', [path()]);
    counts.readMore();
    await rm(path());
    symlinkSync('/etc/passwd', path());
    counts.readMore();
    await rm(join(folder, 'arm'), { recursive: true });
    symlinkSync('/etc', join(folder, 'arm'));
    counts.readMore();
    new LiveCounts(folder, 'arm/passwd').readMore();
    assert.deepEqual(counted(), [0, 0, 0]);
  });
});
