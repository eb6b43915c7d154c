import { cpus, release, totalmem } from 'node:os';
import { isPackage } from '../model/own-command.ts';
import type { RunPlan } from '../model/plan.ts';
import { exec } from '../sys/exec.ts';
import { readOwnFile } from '../sys/files/system.ts';
import { checkoutDir, ownPackageFile } from '../sys/paths.ts';

const git = async (...args: string[]): Promise<string> => {
  const { stdout } = await exec('git', ['-C', checkoutDir(), ...args], { timeoutMs: 10_000 });
  return stdout.trim();
};

/** The commit of a package, as its build wrote it. */
const madeOf = new URL('../../made-of.json', import.meta.url);

/**
 * The version and the commit of this holdfast. Outside a git checkout the commit is `unknown` and counts as changed.
 */
export async function whichHoldfast(): Promise<RunPlan['holdfast']> {
  const { version } = JSON.parse(readOwnFile(ownPackageFile())) as { version: string };
  // A package may be installed in the repository of another project.
  if (isPackage) return { version, ...(JSON.parse(readOwnFile(madeOf)) as { commit: string; dirty: boolean }) };
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
