import assert from 'node:assert/strict';
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { findRun, listRuns, newRunFolder, pointLatestAt, pruneRuns, readFindings } from './runs.ts';

describe('runs', () => {
  let runs: string;
  beforeEach(async () => {
    runs = await mkdtemp(join(tmpdir(), 'holdfast-runs-'));
  });
  afterEach(() => rm(runs, { recursive: true }));

  const make = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const { id, folder } = await newRunFolder(runs, ['rolling-update']);
      await writeFile(join(folder, 'plan.json'), '{}');
      await pointLatestAt(runs, id);
    }
  };

  it('get names of their own, even within a second', async () => {
    await make(3);
    assert.equal((await listRuns(runs)).length, 3);
  });

  it('are found by id, by path and as latest, which is a relative link', async () => {
    await make(1);
    const [run] = await listRuns(runs);
    assert.ok(run);
    assert.equal(await findRun(runs, run.id), run.folder);
    assert.equal(await findRun(runs, run.folder), run.folder);
    assert.equal(await findRun(runs, 'latest'), run.folder);
    assert.equal(await readlink(join(runs, 'latest')), basename(run.folder));
  });

  it('that are not there are a clear error', async () => {
    await assert.rejects(findRun(runs, 'nothing'), /no run nothing in .*holdfast runs list/);
    await assert.rejects(findRun(runs, 'latest'), /no run latest/);
  });

  it('without findings, or with broken ones, say how to judge them', async () => {
    await make(1);
    const folder = await findRun(runs, 'latest');
    await assert.rejects(readFindings(folder), /was not judged\. Judge it: \.\/holdfast judge/);
    await writeFile(join(folder, 'findings.json'), '{"schema":');
    await assert.rejects(readFindings(folder), /findings\.json: .*Judge the run again/);
    await writeFile(join(folder, 'findings.json'), '{"schema":"holdfast.findings/9"}');
    await assert.rejects(readFindings(folder), /unknown schema holdfast\.findings\/9/);
  });

  it('are pruned oldest first, never the latest', async () => {
    await make(4);
    assert.equal((await pruneRuns(runs, 2)).length, 2);
    assert.equal((await listRuns(runs)).length, 2);
    assert.equal((await pruneRuns(runs, 0)).length, 1);
    assert.deepEqual((await readdir(runs)).sort(), [await readlink(join(runs, 'latest')), 'latest'].sort());
  });
});
