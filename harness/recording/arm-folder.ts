import { whyUnfit } from '../sys/files/as-usage.ts';
import { type Entry, listFolder, type OpenFile, openFile } from '../sys/files/read.ts';
import { UnfitFile } from '../sys/files/unfit-file.ts';
import { DamageLog } from './damage.ts';
import { limits } from './limits.ts';
import { armFiles } from './run-folder.ts';

/**
 * The folder of an arm below its run's: no link in it or on the way to it is followed. Knows what is damaged of it, and how
 * much of it was read.
 */
export class ArmFolder {
  readonly root: string;
  /** Below `root`; empty if that is the arm's folder itself. */
  readonly path: string;
  readonly damage = new DamageLog();
  /** Whoever reads the arm stops when it is aborted. */
  readonly signal: AbortSignal | undefined;
  #bytesLeft: number = limits.arm;

  constructor(root: string, path: string, signal?: AbortSignal) {
    this.root = root;
    this.path = path;
    this.signal = signal;
  }

  /** The path of a file of it below `root`. */
  pathOf(file: string): string {
    return this.path === '' ? file : `${this.path}/${file}`;
  }

  /** Undefined if there is no such file; throws UnfitFile if it cannot be read. */
  open(file: string, maxBytes: number): OpenFile | undefined {
    return openFile(this.root, this.pathOf(file), { maxBytes });
  }

  /** What lies in it, or in a folder of it. A folder that cannot be read is damage, and has nothing. */
  list(folder: '' | typeof armFiles.workload | typeof armFiles.logs = ''): readonly Entry[] {
    try {
      return listFolder(this.root, this.pathOf(folder), { maxEntries: limits.entries }) ?? [];
    } catch (error) {
      const what = whyUnfit(error);
      if (what === undefined) throw error;
      this.damage.end({ file: folder || '.', what });
      return [];
    }
  }

  /** The paths in it of all that lies where the files of an arm lie, sorted. */
  files(): readonly (Entry & { readonly path: string })[] {
    const below = ([armFiles.logs, armFiles.workload] as const).flatMap((folder) =>
      this.list(folder).map((entry) => ({ ...entry, path: `${folder}/${entry.name}` })),
    );
    const own = this.list().map((entry) => ({ ...entry, path: entry.name }));
    return [...own, ...below].sort((one, other) => (one.path < other.path ? -1 : 1));
  }

  /** Counts what is read of its files. Throws UnfitFile if an arm never holds that much. */
  take(bytes: number): void {
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft < 0) throw new UnfitFile(`the arm holds more than the ${limits.arm} bytes that are read`);
  }
}
