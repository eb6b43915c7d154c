import { globSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import { checkoutDir } from '../sys/paths.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export const unitTests = (): string[] =>
  globSync('{harness,experiments,clusters,reports}/**/*.test.ts', {
    cwd: checkoutDir(),
    exclude: (path) => /node_modules|\.lab\.test\.ts$/.test(path),
  })
    .sort()
    .map((path) => join(checkoutDir(), path));

/**
 * Runs test files, or the suites that `define` defines, in this process. A run without a test fails, and so does a
 * test that is left out: green means that everything was asked.
 */
export async function runMocha({
  files = [],
  define,
}: {
  files?: readonly string[];
  define?: () => void;
}): Promise<Counts> {
  const mocha = new Mocha({ forbidOnly: true, forbidPending: true, failZero: true, timeout: 10_000, reporter: 'dot' });
  if (define) {
    mocha.reporter('spec').timeout(0);
    mocha.suite.emit('pre-require', globalThis, '', mocha);
    define();
  }
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return new Promise((resolve) => {
    const runner = mocha.run((failures) => {
      const passed = runner.stats?.passes ?? 0;
      resolve({ passed, failed: Math.max(failures, passed === 0 ? 1 : 0) });
    });
  });
}
