import { whyUnfit } from '../sys/files/as-usage.ts';
import { type Entry, listFolder, type OpenFile, openFile } from '../sys/files/read.ts';
import { UnfitFile } from '../sys/files/unfit-file.ts';
import { DamageLog } from './damage.ts';
import { limits } from './limits.ts';
import { armFiles } from './run-folder.ts';

/**
 * The folder of an arm below the folder of its run. Links are not followed. Collects the damage of its files, and
 * counts the bytes that were read.
 */
export class ArmFolder {
  readonly root: string;
  /** The path below `root`; empty if `root` is the folder of the arm. */
  readonly path: string;
  readonly damage = new DamageLog();
  /** All reading of the arm ends when this signal aborts. */
  readonly signal: AbortSignal | undefined;
  #bytesLeft: number = limits.arm;

  constructor(root: string, path: string, signal?: AbortSignal) {
    this.root = root;
    this.path = path;
    this.signal = signal;
  }

  /** The path of a file of the arm, below `root`. */
  pathOf(file: string): string {
    return this.path === '' ? file : `${this.path}/${file}`;
  }

  /** Opens a file. Undefined if there is none. Throws UnfitFile if it cannot be read. */
  open(file: string, maxBytes: number): OpenFile | undefined {
    return openFile(this.root, this.pathOf(file), { maxBytes });
  }

  /** The entries of the folder, or of a folder in it. A folder that cannot be read is damage and has no entries. */
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

  /** All entries at the places where an arm has files, sorted by path. */
  files(): readonly (Entry & { readonly path: string })[] {
    const below = ([armFiles.logs, armFiles.workload] as const).flatMap((folder) =>
      this.list(folder).map((entry) => ({ ...entry, path: `${folder}/${entry.name}` })),
    );
    const own = this.list().map((entry) => ({ ...entry, path: entry.name }));
    return [...own, ...below].sort((one, other) => (one.path < other.path ? -1 : 1));
  }

  /** Counts bytes that were read. Throws UnfitFile if the arm holds more than an arm can. */
  take(bytes: number): void {
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft < 0) throw new UnfitFile(`the arm holds more than the limit of ${limits.arm} bytes`);
  }
}
