import { machineLimits } from '../../model/machine-limits.ts';
import { type Micros, type Ms, microsToMs } from '../../model/units.ts';
import { closeFile, type OpenFile, openFile, readBytes } from '../../sys/files/read.ts';

/** What a row may hold in a column. A pattern, and no parser: there may be a million lines that are no rows. */
const value = '(?:-?\\d+|"(?:[^"\\\\]|\\\\.)*"|true|false|null)';
/** Those that are counted. */
const counted = ['seq', 'attempt', 'due', 'start', 'code'];

const mostColumns = 100;

/** A pattern of the rows below a header: what is counted is named, and nothing behind it is looked at. */
function rowsOf(fields: readonly unknown[]): RegExp | undefined {
  const last = Math.max(...counted.map((name) => fields.indexOf(name)));
  if (['seq', 'start', 'code'].some((name) => !fields.includes(name))) return undefined;
  const columns = fields
    .slice(0, last + 1)
    .map((name) => (counted.includes(String(name)) ? `(?<${name}>\\d+)` : value));
  return new RegExp(`^\\[${columns.join(',')}[,\\]]`);
}

interface Header {
  readonly epoch: Micros;
  readonly row: RegExp | undefined;
}

function headerOf(line: string): Header | undefined {
  try {
    const { epoch, fields } = JSON.parse(line) as { epoch?: unknown; fields?: unknown };
    if (!Array.isArray(fields) || fields.length > mostColumns || new Set(fields).size < fields.length) return undefined;
    return { epoch: Number(epoch), row: rowsOf(fields) };
  } catch {
    return undefined;
  }
}

/** At most so much is read at one look, whatever size the file claims to have. */
const lookBytes = 1024 ** 2;
/** No row is longer. */
const longestLine = 64 * 1024;
/** Takes the place of what was read of a line that is too long: no row begins so. */
const tooLong = '\0';

/** How a generator sent since a moment. */
export interface Sends {
  readonly total: number;
  /** Those that were sent later than they may be. */
  readonly late: number;
  readonly latestMs: Ms;
}

/**
 * Reads a generator's rows while they are written, for a person to see; the judge reads them anew. A pod writes them, so
 * the file may be anything: whatever it is, nothing is thrown, nothing waits, and little memory is taken.
 */
export class LiveCounts {
  readonly #root: string;
  readonly #path: string;
  #file: OpenFile | undefined;
  #position = 0;
  #rest = '';
  answered = 0;
  failed = 0;
  /** Lines that are no rows. */
  unread = 0;
  /** Of the first line; null if that was none. */
  #header: Header | null | undefined;
  /** The row that was counted last: if another attempt of its request follows, it does not count. */
  #latest: { readonly seq: string; readonly answered: boolean } | undefined;
  #since: Micros = Number.POSITIVE_INFINITY;
  #sends = { total: 0, late: 0, latestMs: 0 };
  /** The footer was written: the generator has ended. */
  ended = false;

  /** Of a file below a node's evidence folder. */
  constructor(root: string, path: string) {
    this.#root = root;
    this.#path = path;
  }

  /** Reads what was written since, up to 1 MiB. A file that is not there yet, or is no regular file, has no rows. */
  look(): void {
    const bytes = this.#read();
    this.#position += bytes.length;
    const lines = (this.#rest + bytes.toString('utf8')).split('\n');
    const rest = lines.pop() ?? '';
    this.#rest = rest.length > longestLine ? tooLong : rest;
    for (const line of lines) this.#count(line);
  }

  #read(): Buffer {
    try {
      this.#file ??= openFile(this.#root, this.#path, { maxBytes: Number.POSITIVE_INFINITY });
      if (this.#file) return readBytes(this.#file, this.#position, lookBytes);
    } catch {
      // Not a regular file, or not one that can be read: the judge says so.
    }
    return Buffer.alloc(0);
  }

  #count(line: string): void {
    if (line.startsWith('{')) {
      if (this.#header === undefined) this.#header = headerOf(line) ?? null;
      this.ended ||= line.includes('"footer":true');
      return;
    }
    if (this.#header === undefined) this.#header = null;
    const values = this.#header?.row?.exec(line)?.groups;
    if (values && line.endsWith(']')) this.#countRow(values);
    else this.unread++;
  }

  #countRow({ seq = '', attempt = '1', due, start, code }: { readonly [name: string]: string | undefined }): void {
    const again = this.#latest?.seq === seq && Number(attempt) > 1;
    if (again && this.#latest?.answered) this.answered--;
    else if (again) this.failed--;
    else if (due !== undefined) this.#countSend(Number(due), Number(start));
    const answered = Number(code) === 0;
    if (answered) this.answered++;
    else this.failed++;
    this.#latest = { seq, answered };
  }

  #countSend(due: Micros, start: Micros): void {
    if (!((this.#header?.epoch ?? 0) + start >= this.#since)) return;
    const lateMs = microsToMs(start - due);
    this.#sends.total++;
    if (lateMs > machineLimits.lateMs) this.#sends.late++;
    this.#sends.latestMs = Math.max(this.#sends.latestMs, lateMs);
  }

  /** Counts from now on how requests were sent that are sent from this moment on. */
  countSendsFrom(since: Micros): void {
    this.#since = since;
    this.#sends = { total: 0, late: 0, latestMs: 0 };
  }

  get sends(): Sends {
    return this.#sends;
  }

  close(): void {
    if (this.#file) closeFile(this.#file);
    this.#file = undefined;
  }
}
