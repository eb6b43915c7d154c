import { requestFields } from '../../model/request.ts';
import { closeFile, type OpenFile, openFile, readBytes } from '../../sys/files/read.ts';

/** The fields before it are whole numbers. A pattern, and no parser: there may be a million lines that are no rows. */
const codeOf = new RegExp(`^\\[(?:\\d+,){${requestFields.indexOf('code')}}(\\d+),.*\\]$`);

/** At most so much is read at one look, whatever size the file claims to have. */
const lookBytes = 1024 ** 2;
/** No row is longer. */
const longestLine = 64 * 1024;
/** Takes the place of what was read of a line that is too long: no row begins so. */
const tooLong = '\0';

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
    const [, code] = codeOf.exec(line) ?? [];
    if (code !== undefined) {
      if (Number(code) === 0) this.answered++;
      else this.failed++;
    } else if (!line.startsWith('{')) this.unread++;
    else this.ended ||= line.includes('"footer":true');
  }

  close(): void {
    if (this.#file) closeFile(this.#file);
    this.#file = undefined;
  }
}
