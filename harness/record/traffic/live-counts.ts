import { type FileHandle, open } from 'node:fs/promises';
import { requestFields } from '../../model/request.ts';

const codeAt = requestFields.indexOf('code');

/** Reads a generator's rows while they are written, for a person to see; the judge reads them anew. */
export class LiveCounts {
  readonly #path: string;
  #file: FileHandle | undefined;
  #position = 0;
  #rest = '';
  answered = 0;
  failed = 0;
  /** The footer was written: the generator has ended. */
  ended = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads what was written since. A file that is not there yet has no rows. */
  async look(): Promise<void> {
    this.#file ??= await open(this.#path).catch(() => undefined);
    const { size } = (await this.#file?.stat()) ?? { size: 0 };
    if (!this.#file || size <= this.#position) return;
    const { buffer, bytesRead } = await this.#file.read(
      Buffer.alloc(size - this.#position),
      0,
      undefined,
      this.#position,
    );
    this.#position += bytesRead;
    const lines = (this.#rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('{')) this.ended ||= line.includes('"footer":true');
      else if ((JSON.parse(line) as unknown[])[codeAt] === 0) this.answered++;
      else this.failed++;
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}
