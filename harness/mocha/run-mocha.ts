import { join } from 'node:path';
import Mocha from 'mocha';
import { findOwnFiles } from '../sys/files/system.ts';
import { checkoutDir } from '../sys/paths.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Only for a limit of the host that was probed. */
  readonly skipped: number;
}

export const sumOf = (counts: readonly Counts[]): Counts =>
  counts.reduce((sum, { passed, failed, skipped }) => ({
    passed: sum.passed + passed,
    failed: sum.failed + failed,
    skipped: sum.skipped + skipped,
  }));

export const countsInWords = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** Test files: those that need nothing, or those that need a lab. */
export const testFiles = (kind: 'hermetic' | 'lab'): string[] =>
  findOwnFiles(checkoutDir(), '{harness,experiments,clusters,reports}/**/*.test.ts')
    .filter((path) => path.endsWith('.lab.test.ts') === (kind === 'lab'))
    .map((path) => join(checkoutDir(), path));

export interface MochaRun {
  readonly files?: readonly string[];
  /** Defines suites without a file. */
  readonly define?: () => void;
  readonly reporter: 'dot' | 'spec';
  /** A test may leave itself out where the host cannot run it. Otherwise that fails: green means that all was asked. */
  readonly maySkip?: boolean;
}

/** Runs tests in this process. A run without a test fails. */
export async function runMocha({ files = [], define, reporter, maySkip = false }: MochaRun): Promise<Counts> {
  const mocha = new Mocha({
    forbidOnly: true,
    forbidPending: !maySkip,
    failZero: true,
    timeout: 10_000,
    reporter,
    color: process.stdout.isTTY === true,
  });
  if (define) {
    mocha.suite.emit('pre-require', globalThis, '', mocha);
    define();
  }
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return new Promise((resolve) => {
    const runner = mocha.run((failures) => {
      const { passes: passed = 0, pending: skipped = 0 } = runner.stats ?? {};
      resolve({ passed, failed: Math.max(failures, passed + skipped === 0 ? 1 : 0), skipped });
    });
  });
}
