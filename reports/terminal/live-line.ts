import { clearInterval, setInterval } from 'node:timers';
import { type Output, rewriteLine, unstyled } from '../../harness/sys/terminal.ts';

const everyMs = 500;

/** The last line of a terminal, rewritten in place. Its timer never keeps the process alive. */
export class LiveLine {
  readonly #output: Output;
  #text: ((detail: string) => string) | undefined;
  #detail = '';
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Shows the result of `text` for the current detail, now and twice a second, until `end`. */
  show(text: (detail: string) => string): void {
    this.#text = text;
    this.#detail = '';
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#draw(), everyMs).unref();
    this.#draw();
  }

  /** Sets the current activity within the step. */
  detail(text: string): void {
    this.#detail = text;
    this.#draw();
  }

  /** Prints a permanent line above. */
  keep(line: string): void {
    this.#output.print(`${rewriteLine}${line}\n`);
    this.#draw();
  }

  /** Replaces the line permanently. */
  end(line: string): void {
    clearInterval(this.#timer);
    this.#text = undefined;
    this.#output.print(`${rewriteLine}${line}\n`);
  }

  #draw(): void {
    if (!this.#text) return;
    this.#output.print(rewriteLine + cut(this.#text(this.#detail), (this.#output.columns || 80) - 1));
  }
}

/**
 * Shortens a line to the terminal’s width, because a wrapped line cannot be rewritten. A shortened line loses its
 * colour.
 */
function cut(line: string, width: number): string {
  const plain = unstyled(line);
  return plain.length <= width ? line : `${plain.slice(0, width - 1)}…`;
}
