import { join, resolve, sep } from 'node:path';
import Mocha from 'mocha';
import type { Ms } from '../model/units.ts';
import { UsageError } from '../model/usage-error.ts';
import { findOwnFiles } from '../sys/files/system.ts';
import { checkoutDir } from '../sys/paths.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Tests that this host cannot run, as was detected. */
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

/**
 * Selects test files by name. `hermetic` needs nothing, `lab` needs a lab cluster, `package` tests the npm package.
 * `fuzz` and `hostile` feed hostile input to hermetic code and to the lab.
 */
const kinds = {
  hermetic: (path: string) => !/\.(?:lab|package)\.test\.ts$/.test(path),
  lab: (path: string) => path.endsWith('.lab.test.ts') && !path.endsWith('.hostile.lab.test.ts'),
  package: (path: string) => path.endsWith('.package.test.ts'),
  fuzz: (path: string) => path.endsWith('.fuzz.test.ts'),
  hostile: (path: string) => path.endsWith('.hostile.lab.test.ts'),
} as const;

/** Test files of one kind. `fuzz` files are also `hermetic`. */
export const testFiles = (kind: keyof typeof kinds): string[] =>
  findOwnFiles(checkoutDir(), '{harness,experiments,clusters,reports,tasks}/**/*.test.ts')
    .filter(kinds[kind])
    .map((path) => join(checkoutDir(), path));

/**
 * Hermetic test files at or below these paths; all of them if no path is given. Throws `UsageError` for a path without
 * one.
 */
export function hermeticFiles(paths: readonly string[]): string[] {
  const all = testFiles('hermetic');
  if (paths.length === 0) return all;
  const files = paths.flatMap((path) => {
    const wanted = resolve(path);
    const found = all.filter((file) => file === wanted || file.startsWith(wanted + sep));
    if (found.length > 0) return found;
    throw new UsageError(`${path} is not a hermetic test file, and no folder that has one`);
  });
  return [...new Set(files)];
}

export interface MochaRun {
  readonly files?: readonly string[];
  /** Defines suites without a file. */
  readonly define?: () => void;
  readonly reporter: 'dot' | 'spec';
  /** Whether a test may skip itself if the host cannot run it. Otherwise a skipped test fails the run. */
  readonly maySkip?: boolean;
  /** The limit for one test; 60 s by default. */
  readonly timeoutMs?: Ms;
  /** The number of processes that run files in parallel. With 1, the default, files run in this process. */
  readonly jobs?: number;
  /** Aborts a run with several processes. Its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** Runs tests. A run without any test fails. */
export async function runMocha({
  files = [],
  define,
  reporter,
  maySkip = false,
  timeoutMs = 60_000,
  jobs = 1,
  signal,
}: MochaRun): Promise<Counts> {
  const parallel = jobs > 1;
  const mocha = new Mocha({
    forbidOnly: true,
    forbidPending: !maySkip,
    timeout: timeoutMs,
    reporter,
    color: process.stdout.isTTY === true,
    parallel,
    jobs,
  });
  if (define) {
    mocha.suite.emit('pre-require', globalThis, '', mocha);
    define();
  }
  for (const file of files) mocha.addFile(file);
  if (!parallel) await mocha.loadFilesAsync();
  return new Promise((resolve, reject) => {
    if (parallel) signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    const runner = mocha.run((failures) => {
      const { passes: passed = 0, pending: skipped = 0 } = runner.stats ?? {};
      resolve({ passed, failed: Math.max(failures, passed + skipped === 0 ? 1 : 0), skipped });
    });
  });
}
