import { basename, dirname } from 'node:path';
import { ownCommand } from '../../model/own-command.ts';
import { now } from '../../sys/clock.ts';
import { appendWhole, cutAfter } from '../../sys/files/append.ts';
import { closeFile, openFile, readBytes } from '../../sys/files/read.ts';
import { UnfitFile } from '../../sys/files/unfit-file.ts';
import { makePrivateFolder, openAppend, removeFile } from '../../sys/files/write.ts';
import { type Action, actionSchema } from './action.ts';
import { upgradeAction } from './upgrade-action.ts';

/** An action whose undoing is not noted in the journal. */
export interface OpenAction {
  readonly seq: number;
  readonly action: Action;
}

/** A journal is never larger than this. A larger file is not read. */
const maxBytes = 16 * 1024 ** 2;
/** No action is added beyond this size, so that there is room to note that all of them were undone. */
const fullBytes = maxBytes / 2;
/** Far more actions than any run has, and far below the limit of exact integers. */
const maxSeq = 1e12;

/**
 * The write-ahead journal of a cluster: every action is on disk before it is done. If the process is killed, the
 * journal holds enough to undo everything. After a clean end there is no journal.
 */
export class Journal {
  readonly path: string;
  readonly #file: number;
  #bytes: number;
  #seq: number;

  /**
   * Opens the journal for a run. It keeps all lines except a last line that was cut off, and makes the folder private.
   */
  constructor(path: string) {
    this.path = path;
    makePrivateFolder(dirname(path));
    this.#seq = openActions(path).reduce((most, { seq }) => Math.max(most, seq), 0);
    this.#file = openAppend(dirname(path), basename(path));
    this.#bytes = this.#endLastLine();
  }

  /**
   * Writes an action and returns its number. The line is on disk when this returns. Throws if the disk is full: an
   * action that cannot be journaled must not be done.
   */
  begin(action: Action): number {
    const seq = this.#seq + 1;
    if (this.#bytes > fullBytes)
      throw new Error(`${this.path} is full: more than ${fullBytes} bytes. Undo the changes in it: ${ownCommand} heal`);
    this.#write({ at: now(), seq, deed: action });
    this.#seq = seq;
    return seq;
  }

  /** Notes that the action with this number was undone. */
  undone(seq: number): void {
    this.#write({ at: now(), undone: seq });
  }

  /** Completes or removes a last line that was cut off. Returns the size of the file in bytes. */
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

  /** Closes the file, and removes it if no action is open. */
  close(): void {
    closeFile({ fd: this.#file });
    forgetJournal(this.path);
  }
}

/**
 * The bytes of a journal; undefined if there is none. Throws if the file is not ours, because its content is acted
 * upon.
 */
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

/** A line of a journal: an action, or the number of an action that was undone. */
export type JournalLine = OpenAction | { readonly undone: number };

/**
 * All lines of a journal in order; empty if there is none. A last line that was cut off is ignored, because its action
 * was never done. Throws an error with file and line for any other line that holdfast did not write.
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

/** The open actions of a journal, in order. Throws as `journalLines` does. */
export function openActions(path: string): OpenAction[] {
  const open = new Map<number, Action>();
  for (const line of journalLines(path)) {
    if ('undone' in line) open.delete(line.undone);
    else open.set(line.seq, line.action);
  }
  return [...open].map(([seq, action]) => ({ seq, action }));
}

const isSeq = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= maxSeq;

function parseLine(line: string): JournalLine | undefined {
  try {
    const { seq, deed, undone } = (JSON.parse(line) ?? {}) as { seq?: unknown; deed?: unknown; undone?: unknown };
    if (isSeq(undone)) return { undone };
    return isSeq(seq) ? { seq, action: actionSchema.parse(upgradeAction(deed)) } : undefined;
  } catch {
    // The line is not JSON, not an action, or nested too deeply.
    return undefined;
  }
}

/** Removes a journal that has no open action. */
export function forgetJournal(path: string): void {
  if (openActions(path).length === 0) removeFile(dirname(path), basename(path));
}
