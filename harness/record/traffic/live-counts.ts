import { machineLimits } from '../../model/machine-limits.ts';
import { type Micros, type Ms, microsToMs } from '../../model/units.ts';
import { closeFile, type OpenFile, openFile, readBytes } from '../../sys/files/read.ts';

/**
 * A value in a column of a row. This is a pattern and not a parser, because there may be a million lines that are not
 * rows.
 */
const value = '(?:-?\\d+|"(?:[^"\\\\]|\\\\.)*"|true|false|null)';
/** The columns that are read. */
const counted = ['seq', 'attempt', 'due', 'start', 'code'];

const mostColumns = 100;

/**
 * A pattern for the rows of a header. The columns that are read have named groups, and columns after them are ignored.
 */
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

/** At most this many bytes are read per call, regardless of the size of the file. */
const bytesPerCall = 1024 ** 2;
/** Rows are shorter than this. */
const longestLine = 64 * 1024;
/** Replaces the start of a line that is too long. No row starts with this character. */
const tooLong = '\0';

/** How a generator sent its requests since a moment. */
export interface Sends {
  readonly total: number;
  /** Requests that were sent later than allowed. */
  readonly late: number;
  readonly latestMs: Ms;
}

/**
 * Reads the rows of a generator while they are written, to show progress. The judge reads them again. A pod writes the
 * file, so it may hold anything: reading never throws, never waits, and uses little memory.
 */
export class LiveCounts {
  readonly #root: string;
  readonly #path: string;
  #file: OpenFile | undefined;
  #position = 0;
  #rest = '';
  answered = 0;
  failed = 0;
  /** Lines that are not rows. */
  unread = 0;
  /** The header in the first line; null if the first line was not a header. */
  #header: Header | null | undefined;
  /** The last counted row. If another attempt of the same request follows, the row is no longer counted. */
  #latest: { readonly seq: string; readonly answered: boolean } | undefined;
  #since: Micros = Number.POSITIVE_INFINITY;
  #sends = { total: 0, late: 0, latestMs: 0 };
  /** Whether the footer was read: the generator has ended. */
  ended = false;

  /** `path` is a path below `root`, the evidence folder of a node. */
  constructor(root: string, path: string) {
    this.#root = root;
    this.#path = path;
  }

  /**
   * Reads what was written since the last call, up to 1 MiB. A missing file and anything but a regular file have no
   * rows.
   */
  readMore(): void {
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
      if (this.#file) return readBytes(this.#file, this.#position, bytesPerCall);
    } catch {
      // Not a regular file, or not readable. The judge reports it.
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

  /** Restarts the counts in `sends`, for requests that are sent at or after this moment. */
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
