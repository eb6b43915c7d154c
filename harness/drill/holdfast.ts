import { join } from 'node:path';
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
