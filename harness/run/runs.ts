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

/** Names in the folder of runs. */
const mostRuns = 100_000;
/** Names in one folder of a run, and folders in one another, for its size. */
const mostEntries = 20_000;
const deepest = 6;

/** Where runs are kept unless told otherwise: `runs` of the checkout, or, of a package, of the folder that it is run in. */
export const defaultRunsFolder = (): string =>
  process.env.HOLDFAST_RUNS || join(isPackage ? process.cwd() : checkoutDir(), 'runs');

/** So many letters and digits at the end of a run's id, so that no two machines give one twice. */
const randomLength = 6;
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const randomLetters = (): string =>
  Array.from({ length: randomLength }, () => letters[randomInt(letters.length)]).join('');

/** Makes the folder of a run that starts now, readable by this user alone. Its id is the time, what is run, and six random letters. */
export function newRunFolder(runs: string, experiments: readonly string[]): { id: string; folder: string } {
  const time = `${new Date().toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
  const what = experiments.length === 1 ? experiments[0] : `${experiments.length}-experiments`;
  makeMissingFolder(runs);
  for (;;) {
    const id = `${time}-${what}-${randomLetters()}`;
    if (!asUsage(runs, () => makeNewFolder(runs, id))) continue;
    // The folder of runs may be another user's, who could have put another in its place.
    asUsage(runs, () => makeFolders(runs, id));
    return { id, folder: join(runs, id) };
  }
}

/** Makes `latest` a relative link to this run, in one step. */
export const pointLatestAt = (runs: string, id: string): void => asUsage(runs, () => pointLink(runs, latest, id));

/** The folder of a run that a person named: a path, an id, or `latest`. */
export function findRun(runs: string, named: string): string {
  const kept = join(runs, named);
  if (holdsPlan(kept)) return named === latest ? join(runs, readLink(runs, latest) ?? latest) : kept;
  const path = resolve(named);
  if (holdsPlan(path)) return path;
  throw new UsageError(`no run ${named} in ${runs}: there is no ${runFiles.plan}. See: ${ownCommand} runs list`);
}

/** A plan that is no regular file is refused when it is read, in words that say so. */
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

/** The bytes of the files below a folder; of a folder that cannot be listed, none. */
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

/** Every run, the newest first. */
export const listRuns = (runs: string): KeptRun[] =>
  runNames(runs).map((id) => {
    const folder = join(runs, id);
    return { id, folder, ...readSummary(folder), bytes: sizeOf(runs, id) };
  });

/** Removes all but the newest `keep` runs and what `latest` points at. Returns what was removed. */
export function pruneRuns(runs: string, keep: number): Pick<KeptRun, 'id' | 'bytes'>[] {
  const kept = basename(readLink(runs, latest) ?? '');
  const old = runNames(runs)
    .slice(keep)
    .filter((id) => id !== kept)
    .map((id) => ({ id, bytes: sizeOf(runs, id) }));
  for (const { id } of old) removeFolder(runs, id);
  return old;
}
