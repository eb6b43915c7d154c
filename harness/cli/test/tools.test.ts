import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '../../sys/exec.ts';
import { locked } from './tools.ts';

describe('a locked program', () => {
  it('is the program of package-lock.json, with any PATH', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-tools-'));
    try {
      for (const name of ['tsc', 'node'])
        writeFileSync(join(folder, name), '#!/bin/sh\necho planted\n', { mode: 0o755 });
      const [file, ...args] = locked('tsc', '--version');
      assert.match((await exec(file, args, { env: { PATH: folder } })).stdout, /^Version \d/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
