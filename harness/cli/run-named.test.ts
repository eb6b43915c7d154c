import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeRun } from '../judge/judge.ts';
import { NotUndone } from '../record/undo/undo.ts';
import { concluded } from './run-named.ts';

const golden = join(import.meta.dirname, '..', 'testing', 'golden', 'synthetic-no-port');

describe('a run whose arms are recorded', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-concluded-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const reason = new Error('interrupted by SIGINT');
  const interrupted = () => judgeRun(golden, { signal: AbortSignal.abort(reason) });

  it('is judged and reported', async () => {
    const { findings, broke } = await concluded({ folder, finish: () => judgeRun(golden) }, undefined);
    assert.equal(broke, undefined);
    assert.ok(findings);
    assert.deepEqual((await readdir(folder)).sort(), ['junit.xml', 'report.html', 'report.json']);
  });

  it('has no verdict if its judging was interrupted, and gives the reason', async () => {
    const { findings, broke } = await concluded({ folder, finish: interrupted }, undefined);
    assert.equal(findings, undefined);
    assert.equal(broke, reason);
    assert.deepEqual(await readdir(folder), []);
  });

  it('first reports that changes to the cluster were not undone', async () => {
    const first = new NotUndone([new Error('a node is cordoned')], undefined, './holdfast heal');
    assert.equal((await concluded({ folder, finish: interrupted }, first)).broke, first);
  });
});
