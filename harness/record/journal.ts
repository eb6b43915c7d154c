import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { now } from '../sys/clock.ts';
import { type Deed, deedSchema } from './deed.ts';

/** A deed that was to be done, and of which nothing says that it was undone. */
export interface OpenDeed {
  readonly seq: number;
  readonly deed: Deed;
}

/**
 * A cluster's write-ahead journal: what is about to be done to the world, on disk before it is done. A process that is
 * killed leaves enough behind to put everything back, and one that ended well leaves no journal.
 */
export class Journal {
  readonly path: string;
  readonly #file: number;
  #seq: number;

  /** Opens it for a run; what it holds already stays, but for a last line that was cut off. */
  constructor(path: string) {
    this.path = path;
    this.#seq = Math.max(0, ...openDeeds(path).map(({ seq }) => seq));
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, 'a', 0o600);
    this.#endLastLine();
    syncFolder(dirname(path));
  }

  /** On disk when it returns: its number. Throws when the disk is full: what cannot be journaled is not done. */
  intend(deed: Deed): number {
    const seq = this.#seq + 1;
    this.#write({ at: now(), seq, deed });
    fsyncSync(this.#file);
    this.#seq = seq;
    return seq;
  }

  /** Notes that a deed was undone. */
  undone(seq: number): void {
    this.#write({ at: now(), undone: seq });
    fsyncSync(this.#file);
  }

  #endLastLine(): void {
    const text = readFileSync(this.path);
    const begins = text.lastIndexOf('\n') + 1;
    if (begins === text.length) return;
    if (parseLine(text.toString('utf8', begins))) writeSync(this.#file, '\n');
    else ftruncateSync(this.#file, begins);
  }

  #write(line: object): void {
    const text = Buffer.from(`${JSON.stringify(line)}\n`);
    const { size } = fstatSync(this.#file);
    try {
      for (let written = 0; written < text.length; ) written += writeSync(this.#file, text, written);
    } catch (error) {
      // A full disk took a part of it, which the next line must not go on from.
      ftruncateSync(this.#file, size);
      throw error;
    }
  }

  /** Removes it when nothing in it is left to undo. */
  close(): void {
    closeSync(this.#file);
    forgetJournal(this.path);
  }
}

const syncFolder = (folder: string): void => {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
};

/**
 * What a journal says was to be done and not undone, in order. A last line that was cut off was never acted upon, since
 * deeds wait for the disk; a damaged line elsewhere, or one that no holdfast wrote, throws.
 */
export function openDeeds(path: string): OpenDeed[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  const unfinished = lines.pop() ?? '';
  const open = new Map<number, Deed>();
  for (const [index, line] of lines.entries()) {
    const entry = parseLine(line);
    if (!entry)
      throw new Error(`${path}:${index + 1}: not a line of a journal. Look at it, then: ./holdfast cluster down`);
    if ('undone' in entry) open.delete(entry.undone);
    else open.set(entry.seq, entry.deed);
  }
  if (unfinished) {
    const entry = parseLine(unfinished);
    if (entry && 'undone' in entry) open.delete(entry.undone);
    else if (entry) open.set(entry.seq, entry.deed);
  }
  return [...open].map(([seq, deed]) => ({ seq, deed }));
}

type Line = { readonly seq: number; readonly deed: Deed } | { readonly undone: number };

function parseLine(line: string): Line | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { seq, deed, undone } = (value ?? {}) as { seq?: unknown; deed?: unknown; undone?: unknown };
  if (Number.isSafeInteger(undone)) return { undone: undone as number };
  const parsed = deedSchema.safeParse(deed);
  return Number.isSafeInteger(seq) && parsed.success ? { seq: seq as number, deed: parsed.data } : undefined;
}

/** Removes a journal in which nothing is left to undo. */
export function forgetJournal(path: string): void {
  if (existsSync(path) && openDeeds(path).length === 0) rmSync(path);
}
