import { basename, dirname } from 'node:path';
import { ownCommand } from '../model/own-command.ts';
import { now } from '../sys/clock.ts';
import { appendWhole, cutAfter } from '../sys/files/append.ts';
import { closeFile, openFile, readBytes } from '../sys/files/read.ts';
import { UnfitFile } from '../sys/files/unfit-file.ts';
import { makePrivateFolder, openAppend, removeFile } from '../sys/files/write.ts';
import { type Deed, deedSchema } from './deed.ts';

/** A deed that was to be done, and of which nothing says that it was undone. */
export interface OpenDeed {
  readonly seq: number;
  readonly deed: Deed;
}

/** A journal is never this large: a larger file is not read. */
const maxBytes = 16 * 1024 ** 2;
/** No deed is added to a larger one, so that room is left to note that all of them were undone. */
const fullBytes = maxBytes / 2;
/** Far more than any run does, and far from where numbers lose their last digit. */
const maxSeq = 1e12;

/**
 * A cluster's write-ahead journal: what is about to be done to the world, on disk before it is done. A process that is
 * killed leaves enough behind to put everything back, and one that ended well leaves no journal.
 */
export class Journal {
  readonly path: string;
  readonly #file: number;
  #bytes: number;
  #seq: number;

  /** Opens it for a run; what it holds already stays, but for a last line that was cut off. Its folder becomes private. */
  constructor(path: string) {
    this.path = path;
    makePrivateFolder(dirname(path));
    this.#seq = openDeeds(path).reduce((most, { seq }) => Math.max(most, seq), 0);
    this.#file = openAppend(dirname(path), basename(path));
    this.#bytes = this.#endLastLine();
  }

  /** On disk when it returns: its number. Throws when the disk is full: what cannot be journaled is not done. */
  intend(deed: Deed): number {
    const seq = this.#seq + 1;
    if (this.#bytes > fullBytes)
      throw new Error(`${this.path} is full: more than ${fullBytes} bytes. Undo the changes in it: ${ownCommand} heal`);
    this.#write({ at: now(), seq, deed });
    this.#seq = seq;
    return seq;
  }

  /** Notes that a deed was undone. */
  undone(seq: number): void {
    this.#write({ at: now(), undone: seq });
  }

  /** Returns how many bytes it then holds. */
  #endLastLine(): number {
    const bytes = readJournal(this.path) ?? Buffer.alloc(0);
    const begins = bytes.lastIndexOf('\n') + 1;
    if (begins === bytes.length) return begins;
    if (parseLine(bytes.toString('utf8', begins))) {
      appendWhole(this.#file, '\n');
      return bytes.length + 1;
    }
    cutAfter(this.#file, begins);
    return begins;
  }

  #write(value: object): void {
    const line = `${JSON.stringify(value)}\n`;
    appendWhole(this.#file, line);
    this.#bytes += Buffer.byteLength(line);
  }

  /** Removes it when nothing in it is left to undo. */
  close(): void {
    closeFile({ fd: this.#file });
    forgetJournal(this.path);
  }
}

/** The bytes of a journal, undefined if there is none. Throws if it is not a file of our own: what it holds is acted upon. */
function readJournal(path: string): Buffer | undefined {
  try {
    const file = openFile(dirname(path), basename(path), { maxBytes });
    if (!file) return undefined;
    try {
      const user = process.geteuid?.() ?? file.stats.uid;
      if (file.stats.uid !== user)
        throw new UnfitFile(`it belongs to user ${file.stats.uid}, but holdfast runs as user ${user}`);
      return readBytes(file, 0, file.stats.size);
    } finally {
      closeFile(file);
    }
  } catch (error) {
    if (!(error instanceof UnfitFile)) throw error;
    throw new Error(`${path}: ${error.message}. Check it, then run: ${ownCommand} cluster down`, { cause: error });
  }
}

/** A line of a journal: a deed that was to be done, or the number of one that was undone. */
export type JournalLine = OpenDeed | { readonly undone: number };

/**
 * All lines of a journal, in order; none if there is none. A last line that was cut off was never acted upon, since deeds
 * wait for the disk; a damaged line elsewhere, or one that no holdfast wrote, throws an error that names file and line.
 */
export function journalLines(path: string): JournalLine[] {
  const lines = (readJournal(path)?.toString('utf8') ?? '').split('\n');
  const unfinished = parseLine(lines.pop() ?? '');
  const whole = lines.map((line, index) => {
    const entry = parseLine(line);
    if (entry) return entry;
    throw new Error(`${path}:${index + 1}: not a line of a journal. Check it, then run: ${ownCommand} cluster down`);
  });
  return unfinished ? [...whole, unfinished] : whole;
}

/** What a journal says was to be done and not undone, in order. Throws as `journalLines` does. */
export function openDeeds(path: string): OpenDeed[] {
  const open = new Map<number, Deed>();
  for (const line of journalLines(path)) {
    if ('undone' in line) open.delete(line.undone);
    else open.set(line.seq, line.deed);
  }
  return [...open].map(([seq, deed]) => ({ seq, deed }));
}

const isSeq = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= maxSeq;

function parseLine(line: string): JournalLine | undefined {
  try {
    const { seq, deed, undone } = (JSON.parse(line) ?? {}) as { seq?: unknown; deed?: unknown; undone?: unknown };
    if (isSeq(undone)) return { undone };
    return isSeq(seq) ? { seq, deed: deedSchema.parse(deed) } : undefined;
  } catch {
    // No JSON, no deed, or one that is nested too deeply to look at.
    return undefined;
  }
}

/** Removes a journal in which nothing is left to undo. */
export function forgetJournal(path: string): void {
  if (openDeeds(path).length === 0) removeFile(dirname(path), basename(path));
}
