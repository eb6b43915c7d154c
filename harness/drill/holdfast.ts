import { join } from 'node:path';
import { type Attempt, attempt } from '../sys/exec.ts';
import { checkoutDir } from '../sys/paths.ts';

export interface HoldfastOptions {
  readonly cluster: string;
  readonly env?: { readonly [name: string]: string };
  readonly signal: AbortSignal;
}

/** Runs holdfast as a person does, in a process group of its own, on a cluster. */
export const holdfast = (args: readonly string[], { cluster, env, signal }: HoldfastOptions): Promise<Attempt> =>
  attempt(process.execPath, [join(checkoutDir(), 'harness', 'cli', 'main.ts'), ...args, '--cluster', cluster], {
    signal,
    ...(env && { env }),
  });

/** What it said last, for whoever has to find out what went wrong. */
export const lastWords = ({ stdout, stderr }: Attempt): string =>
  [...stdout.trim().split('\n').slice(-3), ...stderr.trim().split('\n').slice(-4)].filter(Boolean).join(' | ');
