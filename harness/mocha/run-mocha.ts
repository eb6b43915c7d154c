import { join, resolve, sep } from 'node:path';
import Mocha from 'mocha';
import type { Ms } from '../model/units.ts';
import { UsageError } from '../model/usage-error.ts';
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

/** Which tests a file holds, by its name: those that need nothing, those that need a lab, of each those of hostile input, and those of the package. */
const kinds = {
  hermetic: (path: string) => !/\.(?:lab|package)\.test\.ts$/.test(path),
  lab: (path: string) => path.endsWith('.lab.test.ts') && !path.endsWith('.hostile.lab.test.ts'),
  package: (path: string) => path.endsWith('.package.test.ts'),
  fuzz: (path: string) => path.endsWith('.fuzz.test.ts'),
  hostile: (path: string) => path.endsWith('.hostile.lab.test.ts'),
} as const;

/** Test files of one kind; `fuzz` files are hermetic, too. */
export const testFiles = (kind: keyof typeof kinds): string[] =>
  findOwnFiles(checkoutDir(), '{harness,experiments,clusters,reports}/**/*.test.ts')
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
  /** A test may leave itself out where the host cannot run it. Otherwise that fails: green means that all was asked. */
  readonly maySkip?: boolean;
  /** Of one test; 60 s by default. */
  readonly timeoutMs?: Ms;
  /** So many processes run files at the same time, each one file after the other. With 1, the default, this process does. */
  readonly jobs?: number;
  /** Ends a run of several processes: its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** Runs tests. A run without a test fails. */
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
