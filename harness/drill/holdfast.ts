import { join } from 'node:path';
import { exitCodes } from '../model/verdict.ts';
import { type Attempt, type AttemptOptions, attempt } from '../sys/exec.ts';
import { checkoutDir } from '../sys/paths.ts';

export interface HoldfastOptions extends AttemptOptions {
  readonly cluster: string;
}

/** Runs holdfast as a person does, in a process group of its own, on a cluster. */
export const holdfast = (args: readonly string[], { cluster, ...options }: HoldfastOptions): Promise<Attempt> =>
  attempt(process.execPath, [join(checkoutDir(), 'harness', 'cli', 'main.ts'), ...args, '--cluster', cluster], options);

/** What it said last, for whoever has to find out what went wrong. */
export const lastWords = ({ stdout, stderr }: Attempt): string =>
  [...stdout.trim().split('\n').slice(-3), ...stderr.trim().split('\n').slice(-4)].filter(Boolean).join(' | ');

/** What it said of what came out. */
export const firstWords = ({ stdout }: Attempt): string => stdout.split('\n', 1)[0] ?? '';

/** The fault was not injected, because of a limit of this host that was probed. */
export const wasSkipped = (done: Attempt): boolean =>
  done.exitCode === exitCodes.inconclusive && / skipped: /.test(firstWords(done));
