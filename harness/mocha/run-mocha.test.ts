import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '../sys/exec.ts';
import type { Counts } from './run-mocha.ts';

const module = new URL('run-mocha.ts', import.meta.url).href;

/** Runs test files with these texts in two processes in parallel. */
async function run(...texts: readonly string[]): Promise<{ readonly counts: Counts; readonly printed: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-mocha-'));
  try {
    const files = texts.map((text, index) => {
      const file = join(folder, `${index}.test.mjs`);
      writeFileSync(file, text);
      return file;
    });
    // A file, because each process inherits the options of the first: with --eval, each would run the code again.
    const program = join(folder, 'run.mjs');
    writeFileSync(
      program,
      `import { runMocha } from ${JSON.stringify(module)};
      const counts = await runMocha({ files: ${JSON.stringify(files)}, reporter: 'dot', jobs: 2 });
      process.stdout.write('\\n' + JSON.stringify(counts) + '\\n');`,
    );
    const { stdout } = await exec(process.execPath, [program]);
    const lines = stdout.trimEnd().split('\n');
    return { counts: JSON.parse(lines.at(-1) ?? ''), printed: lines.slice(0, -1).join('\n') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('tests in several processes', function () {
  this.timeout(30_000);
  const passing = `it('passes', () => {}); it('passes, too', () => {});`;

  it('are counted together', async () => {
    const { counts } = await run(passing, passing, passing);
    assert.deepEqual(counts, { passed: 6, failed: 0, skipped: 0 });
  });

  it('report what failed, where, and what was expected', async () => {
    const failing = `import assert from 'node:assert/strict';
      describe('a sum', () => { it('is right', () => assert.deepEqual({ one: 1 }, { one: 2 })); });`;
    const { counts, printed } = await run(passing, failing);
    assert.deepEqual(counts, { passed: 2, failed: 1, skipped: 0 });
    assert.match(printed, /a sum\s+is right:[\s\S]*-\s+"?one"?: 1[\s\S]*\+\s+"?one"?: 2[\s\S]*1\.test\.mjs:2:/);
  });

  it('fail if they are skipped, if a hook fails, or if their file cannot be loaded', async () => {
    const { counts, printed } = await run(
      passing,
      `it('is left out');`,
      `before(() => { throw new Error('no folder'); }); it('is not reached', () => {});`,
      `import './missing.mjs';`,
    );
    assert.deepEqual([counts.passed, counts.failed], [2, 3]);
    for (const words of [/Pending test forbidden/, /no folder/, /missing\.mjs/]) assert.match(printed, words);
  });

  it('fail if their process ends, and the other files still run', async () => {
    const { counts, printed } = await run(`it('ends', () => process.kill(process.pid, 'SIGKILL'));`, passing, passing);
    assert.deepEqual([counts.passed, counts.failed], [4, 1]);
    assert.match(printed, /terminated unexpectedly/i);
  });

  it('fail if there are none', async () => {
    assert.deepEqual((await run('')).counts, { passed: 0, failed: 1, skipped: 0 });
  });
});
