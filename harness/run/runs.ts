import { lstat, mkdir, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { RunFindings } from '../model/finding.ts';
import { UsageError } from '../model/usage-error.ts';
import { checkoutDir } from '../sys/paths.ts';

const runName = /^\d{8}T\d{6}Z-[a-z0-9-]+$/;

/** Where runs are kept unless told otherwise. */
export const defaultRunsFolder = (): string => process.env.HOLDFAST_RUNS || join(checkoutDir(), 'runs');

/** Makes the folder of a run that starts now. Two that start in the same second get names of their own. */
export async function newRunFolder(
  runs: string,
  experiments: readonly string[],
): Promise<{ id: string; folder: string }> {
  const time = `${new Date().toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
  const what = experiments.length === 1 ? experiments[0] : `${experiments.length}-experiments`;
  await mkdir(runs, { recursive: true });
  for (let count = 1; ; count++) {
    const id = `${time}-${what}${count > 1 ? `-${count}` : ''}`;
    try {
      await mkdir(join(runs, id));
      return { id, folder: join(runs, id) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Makes `latest` a relative link to this run, in one step. */
export async function pointLatestAt(runs: string, id: string): Promise<void> {
  const next = join(runs, `.latest-${process.pid}`);
  await rm(next, { force: true });
  await symlink(id, next);
  await rename(next, join(runs, 'latest'));
}

/** The folder of a run that a person named: a path, an id, or `latest`. */
export async function findRun(runs: string, named: string): Promise<string> {
  for (const folder of [join(runs, named), resolve(named)]) {
    const plan = await lstat(join(folder, 'plan.json')).catch(() => undefined);
    if (plan?.isFile()) return named === 'latest' ? join(runs, await readlink(join(runs, 'latest'))) : folder;
  }
  throw new UsageError(`no run ${named} in ${runs}: there is no plan.json. See: ./holdfast runs list`);
}

/** What the judge last said of a run. */
export async function readFindings(folder: string): Promise<RunFindings> {
  const path = join(folder, 'findings.json');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`${path}: the run was not judged. Judge it: ./holdfast judge ${basename(folder)}`);
  });
  const cure = `Judge the run again: ./holdfast judge ${basename(folder)}`;
  let findings: RunFindings;
  try {
    findings = JSON.parse(text) as RunFindings;
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}. ${cure}`);
  }
  if (findings.schema !== 'holdfast.findings/2')
    throw new UsageError(`${path}: unknown schema ${findings.schema}. ${cure}`);
  return findings;
}

export interface RunSummary {
  readonly id: string;
  readonly folder: string;
  readonly verdict: string;
  readonly sentence: string;
  readonly bytes: number;
}

async function sizeOf(path: string): Promise<number> {
  const stats = await lstat(path);
  if (!stats.isDirectory()) return stats.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Every run, the newest first. One without findings was not judged. */
export async function listRuns(runs: string): Promise<RunSummary[]> {
  const names = await readdir(runs).catch(() => []);
  const ids = names
    .filter((name) => runName.test(name))
    .sort()
    .reverse();
  return Promise.all(
    ids.map(async (id) => {
      const folder = join(runs, id);
      const findings = await readFile(join(folder, 'findings.json'), 'utf8').then(
        (text) => JSON.parse(text) as RunFindings,
        () => undefined,
      );
      return {
        id,
        folder,
        verdict: findings?.verdict ?? 'not judged',
        sentence: findings?.sentence ?? '',
        bytes: await sizeOf(folder),
      };
    }),
  );
}

/** Removes all but the newest `keep` runs and what `latest` points at. Returns what was removed. */
export async function pruneRuns(runs: string, keep: number): Promise<RunSummary[]> {
  const latest = await readlink(join(runs, 'latest')).catch(() => '');
  const old = (await listRuns(runs)).slice(keep).filter(({ id }) => id !== basename(latest));
  for (const { folder } of old) await rm(folder, { recursive: true });
  return old;
}
