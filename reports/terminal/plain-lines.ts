import { clearInterval, setInterval } from 'node:timers';
import type { Ms } from '../../harness/model/units.ts';
import type { Output } from '../../harness/sys/terminal.ts';

const everyMinute: Ms = 60_000;

/**
 * The steps of long work for a pipe or a CI log: a line when a step begins, a line each minute while it runs, and a line
 * when it ends. The timer never keeps the process alive.
 */
export class PlainLines {
  readonly #output: Output;
  readonly #everyMs: Ms;
  #detail = '';
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(output: Output, everyMs: Ms = everyMinute) {
    this.#output = output;
    this.#everyMs = everyMs;
  }

  /** Prints the result of `text` for the current detail, now and each minute, until `end`. */
  show(text: (detail: string) => string): void {
    this.#detail = '';
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.keep(text(this.#detail)), this.#everyMs).unref();
    this.keep(text(''));
  }

  /** The current activity within the step. It is printed with the next line. */
  detail(text: string): void {
    this.#detail = text;
  }

  keep(line: string): void {
    this.#output.print(`${line}\n`);
  }

  end(line: string): void {
    clearInterval(this.#timer);
    this.keep(line);
  }
}
