import { readFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { RunPlan } from '../model/plan.ts';
import { exec } from '../sys/exec.ts';
import { checkoutDir } from '../sys/paths.ts';

const git = async (...args: string[]): Promise<string> => {
  const { stdout } = await exec('git', ['-C', checkoutDir(), ...args], { timeoutMs: 10_000 });
  return stdout.trim();
};

/** Which holdfast this is. Outside a git checkout the commit is `unknown`, and counts as changed. */
export async function whichHoldfast(): Promise<RunPlan['holdfast']> {
  const { version } = JSON.parse(await readFile(join(checkoutDir(), 'package.json'), 'utf8')) as { version: string };
  try {
    const [commit, changes] = await Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain')]);
    return { version, commit, dirty: changes !== '' };
  } catch {
    return { version, commit: 'unknown', dirty: true };
  }
}

export const whichHost = (): RunPlan['host'] => ({
  cores: cpus().length,
  memoryBytes: totalmem(),
  kernel: release(),
  node: process.versions.node,
});
