import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realPath } from './real-path.ts';

describe('a path without links', () => {
  it('is the target of a link, and undefined if there is none', () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-path-')));
    symlinkSync(folder, join(folder, 'link'));
    symlinkSync('nothing', join(folder, 'broken'));
    assert.equal(realPath(join(folder, 'link')), folder);
    assert.equal(realPath(join(folder, 'broken')), undefined);
    rmSync(folder, { recursive: true });
  });
});
