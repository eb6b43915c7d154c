import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveCounts } from './live-counts.ts';

const row = (code: number) => `[1,10,20,30,${code},"",200,0,1,40001,"10.96.0.7:80","web-1","worker","1"]\n`;

describe('live counts', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-live-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('follow a file that is being written, and cut rows', async () => {
    const path = join(folder, 'requests-fresh.ndjson');
    const counts = new LiveCounts(path);
    await counts.look();
    assert.deepEqual([counts.answered, counts.failed], [0, 0]);
    await appendFile(path, `{"schema":"holdfast.requests/1"}\n${row(0)}${row(1212).slice(0, 9)}`);
    await counts.look();
    assert.deepEqual([counts.answered, counts.failed], [1, 0]);
    await appendFile(path, `${row(1212).slice(9)}${row(0)}`);
    await counts.look();
    assert.deepEqual([counts.answered, counts.failed, counts.ended], [2, 1, false]);
    await appendFile(path, '{"footer":true}\n');
    await counts.look();
    assert.equal(counts.ended, true);
    await counts.close();
  });
});
