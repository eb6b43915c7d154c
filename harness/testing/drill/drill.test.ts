import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drill, type Exercise } from './drill.ts';
import { seedOf } from './results.ts';

const progress = { plan() {}, note() {}, now() {}, step: <T>(_title: string, work: () => Promise<T>) => work() };

describe('a drill', () => {
  let folder: string;
  let tried: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-drill-'));
    tried = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  const exercise = (id: string, work: () => { saw: string; skipped?: boolean } = () => ({ saw: 'it' })): Exercise => ({
    id,
    async run() {
      tried.push(id);
      return work();
    },
  });
  const failing = (id: string) =>
    exercise(id, () => {
      throw new Error('not undone');
    });
  const run = (
    exercises: readonly Exercise[],
    { seed = 'a', commit = 'c1', resume = true, signal = new AbortController().signal } = {},
  ) => drill(exercises, { file: join(folder, 'results.ndjson'), seed, commit, resume, progress, signal });

  it('counts passed, failed and skipped exercises, and continues after a failure', async () => {
    const counts = await run([
      failing('one'),
      exercise('two'),
      exercise('three', () => ({ saw: 'no netem', skipped: true })),
    ]);
    assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 1 });
    assert.match(
      await readFile(join(folder, 'results.ndjson'), 'utf8'),
      /"id":"one","outcome":"failed","words":"not undone"/,
    );
  });

  it('resumes after an interruption, and repeats failed exercises', async () => {
    await run([exercise('one'), failing('two')]);
    assert.deepEqual(await run([exercise('one'), exercise('two'), exercise('three')]), {
      passed: 3,
      failed: 0,
      skipped: 0,
    });
    assert.deepEqual(tried, ['one', 'two', 'two', 'three']);
  });

  it('starts over at another commit or with another seed', async () => {
    await run([exercise('one')]);
    await run([exercise('one')], { commit: 'c2' });
    await run([exercise('one')], { commit: 'c2', seed: 'b' });
    assert.equal(tried.length, 3);
    assert.equal(seedOf(join(folder, 'results.ndjson'), 'c2'), 'b');
    assert.equal(seedOf(join(folder, 'results.ndjson'), 'c3'), undefined);
  });

  it('starts over if it must not resume, because the code may have changed', async () => {
    await run([exercise('one')]);
    assert.deepEqual(await run([failing('one')], { resume: false }), { passed: 0, failed: 1, skipped: 0 });
  });

  it('reads results whose last line is incomplete', async () => {
    await run([exercise('one'), exercise('two')]);
    const path = join(folder, 'results.ndjson');
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, -20));
    await run([exercise('one'), exercise('two')]);
    await run([exercise('one'), exercise('two')]);
    assert.deepEqual(tried, ['one', 'two', 'two']);
  });

  it('stops when it is interrupted, and records no result of the current exercise', async () => {
    const stopping = new AbortController();
    const interrupted = exercise('two', () => {
      stopping.abort(new Error('Ctrl-C'));
      throw new Error('killed');
    });
    await assert.rejects(run([exercise('one'), interrupted, exercise('three')], { signal: stopping.signal }), /Ctrl-C/);
    assert.deepEqual(tried, ['one', 'two']);
    assert.doesNotMatch(await readFile(join(folder, 'results.ndjson'), 'utf8'), /two/);
  });
});
