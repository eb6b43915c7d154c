import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../harness/model/progress.ts';
import { artefactsDir, locate, make, missing, type Recipe } from './cache.ts';

describe('cache', () => {
  const before = process.env.XDG_CACHE_HOME;
  let folder = '';
  let built: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-cache-'));
    process.env.XDG_CACHE_HOME = folder;
    built = [];
  });

  afterEach(() => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
    rmSync(folder, { recursive: true });
  });

  const progress: Progress = { plan() {}, note() {}, now() {}, step: (_title, work) => work() };

  const recipe = (name: string, changes: Partial<Recipe> = {}): Recipe => ({
    name,
    title: name,
    values: {},
    files: [],
    needs: [],
    async build(into) {
      built.push(name);
      writeFileSync(join(into, 'made'), name);
    },
    ...changes,
  });

  it('builds the needs of a recipe first, and nothing twice', async () => {
    const base = recipe('base');
    const top = recipe('top', { needs: [base, recipe('side', { needs: [base] })] });
    await make([top], { progress });
    await make([top, base], { progress });
    assert.deepEqual(built, ['base', 'side', 'top']);
  });

  it('does not build the needs of a finished artefact', async () => {
    const base = recipe('base');
    const top = recipe('top', { needs: [base] });
    await make([top], { progress });
    rmSync((await locate(base)).folder, { recursive: true });
    assert.deepEqual(await missing([top]), []);
  });

  it('rebuilds artefacts whose inputs changed', async () => {
    const source = join(folder, 'source');
    mkdirSync(source);
    writeFileSync(join(source, 'main.go'), 'one');
    const base = recipe('base', { files: [source] });
    const top = recipe('top', { needs: [base] });
    await make([top], { progress });
    writeFileSync(join(source, 'main.go'), 'two');
    await make([top], { progress });
    assert.deepEqual(built, ['base', 'top', 'base', 'top']);
    assert.notEqual((await locate(recipe('a', { values: 1 }))).hash, (await locate(recipe('a', { values: 2 }))).hash);
  });

  it('leaves nothing of a failed build, and reports the reason', async () => {
    const broken = recipe('broken', {
      async build(into) {
        writeFileSync(join(into, 'half'), '');
        throw new Error('no space left');
      },
    });
    await assert.rejects(make([broken], { progress }), /“broken” failed: no space left/);
    assert.deepEqual(readdirSync(artefactsDir()), []);
  });

  it('removes the leftovers of a killed process, but not of a running one', async () => {
    const dead = join(artefactsDir(), '.partial-4194305-base');
    const alive = join(artefactsDir(), `.partial-${process.ppid}-base`);
    mkdirSync(dead, { recursive: true });
    mkdirSync(alive);
    await make([recipe('base')], { progress });
    assert.ok(!existsSync(dead));
    assert.ok(existsSync(alive));
  });

  it('keeps the newest two of each artefact', async () => {
    for (const values of [1, 2, 3])
      await make([recipe('base', { values }), recipe('base-1', { values })], { progress });
    assert.equal(readdirSync(artefactsDir()).length, 4);
    assert.deepEqual(await missing([recipe('base', { values: 3 }), recipe('base-1', { values: 3 })]), []);
  });

  it('gives the build the folders of its needs, and no others', async () => {
    const base = recipe('base');
    const top = recipe('top', {
      needs: [base],
      async build(into, { folder: folderOf }) {
        writeFileSync(join(into, 'made'), readFileSync(join(folderOf(base), 'made')));
        assert.throws(() => folderOf(recipe('stranger')), /without naming it/);
      },
    });
    const [made] = await make([top], { progress });
    assert.equal(readFileSync(join(made?.folder ?? '', 'made'), 'utf8'), 'base');
  });

  it('stops between two builds when its signal aborts', async () => {
    const abort = new AbortController();
    const first = recipe('first', {
      async build() {
        abort.abort(new Error('interrupted'));
      },
    });
    await assert.rejects(make([first, recipe('second')], { progress, signal: abort.signal }), /interrupted/);
    assert.deepEqual(built, []);
  });
});
