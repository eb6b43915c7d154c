import { join } from 'node:path';
import type { Counts } from '../../mocha/run-mocha.ts';
import { exec } from '../../sys/exec.ts';
import { checkoutDir } from '../../sys/paths.ts';
import { print } from '../../sys/terminal.ts';
import { explain } from '../common/failure.ts';

/** A program that tests something and exits with 0 if it passes. */
export interface Tool {
  readonly title: string;
  readonly command: readonly [string, ...string[]];
  /** Below the checkout. */
  readonly cwd?: string;
  readonly env?: { readonly [name: string]: string };
}

/** A program of a package in package-lock.json, by its path, because node_modules/.bin is not on the PATH. */
export const locked = (program: string, ...args: readonly string[]): Tool['command'] => [
  process.execPath,
  join(checkoutDir(), 'node_modules/.bin', program),
  ...args,
];

/** Each tool counts as one test. */
export async function runTools(tools: readonly Tool[], signal: AbortSignal): Promise<Counts> {
  let passed = 0;
  for (const { title, command, cwd = '', env = {} } of tools) {
    const [file, ...args] = command;
    print(`${title} …\n`);
    try {
      await exec(file, args, { cwd: join(checkoutDir(), cwd), env, signal, inherit: true });
      print(`✔ ${title}\n`);
      passed++;
    } catch (error) {
      signal.throwIfAborted();
      print(`✘ ${title}\n${explain(error)}\n`);
    }
  }
  return { passed, failed: tools.length - passed, skipped: 0 };
}
