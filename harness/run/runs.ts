import { randomInt } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { isPackage, ownCommand } from '../model/own-command.ts';
import { UsageError } from '../model/usage-error.ts';
import { runFiles } from '../recording/run-folder.ts';
import { asUsage, whyUnfit } from '../sys/files/as-usage.ts';
import { listFolder, readLink } from '../sys/files/read.ts';
import { makeFolders, makeMissingFolder, makeNewFolder, pointLink, removeFolder } from '../sys/files/write.ts';
import { checkoutDir } from '../sys/paths.ts';
import { readSummary, type Summary } from './findings-file.ts';

const runName = /^\d{8}T\d{6}Z-[a-z0-9-]+$/;
const latest = 'latest';

/** The maximum number of entries in the folder of runs. */
const mostRuns = 100_000;
/** Limits for the computation of the size of a run: entries in one folder, and depth. */
const mostEntries = 20_000;
const deepest = 6;

/** The default folder of runs: `runs` in the checkout or, for a package, in the current folder. */
export const defaultRunsFolder = (): string =>
  process.env.HOLDFAST_RUNS || join(isPackage ? process.cwd() : checkoutDir(), 'runs');

/**
 * The number of random letters and digits at the end of the id of a run, so that two machines do not create the same
 * id.
 */
const randomLength = 6;
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const randomLetters = (): string =>
  Array.from({ length: randomLength }, () => letters[randomInt(letters.length)]).join('');

/**
 * Creates the folder of a new run, which only this user can read. Its id is the time, the experiment, and six random
 * characters.
 */
export function newRunFolder(runs: string, experiments: readonly string[]): { id: string; folder: string } {
  const time = `${new Date().toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
  const what = experiments.length === 1 ? experiments[0] : `${experiments.length}-experiments`;
  makeMissingFolder(runs);
  for (;;) {
    const id = `${time}-${what}-${randomLetters()}`;
    if (!asUsage(runs, () => makeNewFolder(runs, id))) continue;
    // Another user may own the folder of runs and may have replaced the new folder.
    asUsage(runs, () => makeFolders(runs, id));
    return { id, folder: join(runs, id) };
  }
}

/** Atomically changes `latest` to a relative link to this run. */
export const pointLatestAt = (runs: string, id: string): void => asUsage(runs, () => pointLink(runs, latest, id));

/** The folder of a run for a path, an id or `latest`. Throws `UsageError` if there is none. */
export function findRun(runs: string, named: string): string {
  const kept = join(runs, named);
  if (holdsPlan(kept)) return named === latest ? join(runs, readLink(runs, latest) ?? latest) : kept;
  const path = resolve(named);
  if (holdsPlan(path)) return path;
  throw new UsageError(`no run ${named} in ${runs}: there is no ${runFiles.plan}. See: ${ownCommand} runs list`);
}

/** Whether there is an entry for the plan. If it is not a regular file, reading it later gives a clear error. */
function holdsPlan(folder: string): boolean {
  try {
    return listFolder(folder, '', { maxEntries: mostEntries })?.some(({ name }) => name === runFiles.plan) ?? false;
  } catch {
    return false;
  }
}

export interface KeptRun extends Summary {
  readonly id: string;
  readonly folder: string;
  readonly bytes: number;
}

/** The total size of the files below a folder in bytes. Folders that cannot be listed count as 0. */
function sizeOf(root: string, path: string, depth = 0): number {
  if (depth > deepest) return 0;
  try {
    const entries = listFolder(root, path, { maxEntries: mostEntries }) ?? [];
    return entries.reduce(
      (sum, { name, kind, size }) => sum + (kind === 'folder' ? sizeOf(root, `${path}/${name}`, depth + 1) : size),
      0,
    );
  } catch (error) {
    if (whyUnfit(error) === undefined) throw error;
    return 0;
  }
}

const runNames = (runs: string): string[] =>
  asUsage(runs, () => listFolder(runs, '', { maxEntries: mostRuns }) ?? [])
    .flatMap(({ name }) => (runName.test(name) ? name : []))
    .sort()
    .reverse();

/** All runs, the newest first. */
export const listRuns = (runs: string): KeptRun[] =>
  runNames(runs).map((id) => {
    const folder = join(runs, id);
    return { id, folder, ...readSummary(folder), bytes: sizeOf(runs, id) };
  });

/** Removes all runs except the newest `keep` and the target of `latest`. Returns the removed runs. */
export function pruneRuns(runs: string, keep: number): Pick<KeptRun, 'id' | 'bytes'>[] {
  const kept = basename(readLink(runs, latest) ?? '');
  const old = runNames(runs)
    .slice(keep)
    .filter((id) => id !== kept)
    .map((id) => ({ id, bytes: sizeOf(runs, id) }));
  for (const { id } of old) removeFolder(runs, id);
  return old;
}
