import { clearInterval, setInterval } from 'node:timers';
import { stripVTControlCharacters } from 'node:util';

const everyMs = 500;
const toStartAndClear = '\r\u001b[K';

/** The last line of a terminal, rewritten in place. Its timer never keeps the process alive. */
export class LiveLine {
  readonly #stream: NodeJS.WriteStream;
  #text: ((detail: string) => string) | undefined;
  #detail = '';
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Shows what `text` makes of the detail, now and twice a second, until `end`. */
  show(text: (detail: string) => string): void {
    this.#text = text;
    this.#detail = '';
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#draw(), everyMs).unref();
    this.#draw();
  }

  /** What happens within it now. */
  detail(text: string): void {
    this.#detail = text;
    this.#draw();
  }

  /** A line that stays, above. */
  keep(line: string): void {
    this.#stream.write(`${toStartAndClear}${line}\n`);
    this.#draw();
  }

  /** Replaces the line for good. */
  end(line: string): void {
    clearInterval(this.#timer);
    this.#text = undefined;
    this.#stream.write(`${toStartAndClear}${line}\n`);
  }

  #draw(): void {
    if (!this.#text) return;
    this.#stream.write(toStartAndClear + cut(this.#text(this.#detail), (this.#stream.columns || 80) - 1));
  }
}

/** A line that wrapped could not be rewritten. One that is too long loses its colour with its end. */
function cut(line: string, width: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= width ? line : `${plain.slice(0, width - 1)}…`;
}
