import { performance } from 'node:perf_hooks';
import { printable } from '../../harness/model/printable.ts';
import type { Progress } from '../../harness/model/progress.ts';
import type { Ms } from '../../harness/model/units.ts';
import { type Output, wantsColor } from '../../harness/sys/terminal.ts';
import { shortSeconds } from '../words/number.ts';
import { Durations } from './durations.ts';
import { LiveLine } from './live-line.ts';
import { type Paint, painter } from './paint.ts';
import { PlainLines } from './plain-lines.ts';

export interface ProgressOptions {
  /** The file for the last durations. */
  readonly durations: string;
  readonly output: Output;
  readonly env?: NodeJS.ProcessEnv;
  /** A monotonic clock in milliseconds. */
  readonly clock?: () => Ms;
  /** How often a running step prints a line in a log; a minute unless it is given. */
  readonly everyMs?: Ms;
}

/**
 * Progress on a stream: in a terminal as one line that is rewritten, in a log as lines when a step begins, runs and
 * ends.
 */
export function createProgress(options: ProgressOptions): Progress {
  const { output } = options;
  const env = options.env ?? process.env;
  const clock = options.clock ?? (() => performance.now());
  const live = output.isTTY && env.TERM !== 'dumb' && !env.CI;
  return new StepProgress(
    new Durations(options.durations),
    live ? new LiveLine(output) : new PlainLines(output, options.everyMs),
    painter(wantsColor(output, env)),
    clock,
  );
}

class StepProgress implements Progress {
  readonly #durations: Durations;
  readonly #line: LiveLine | PlainLines;
  readonly #paint: Paint;
  readonly #clock: () => Ms;
  #planned: string[] = [];
  #done = 0;

  constructor(durations: Durations, line: LiveLine | PlainLines, paint: Paint, clock: () => Ms) {
    this.#durations = durations;
    this.#line = line;
    this.#paint = paint;
    this.#clock = clock;
  }

  plan(titles: readonly string[]): void {
    this.#planned = [...titles];
    this.#done = 0;
  }

  async step<T>(title: string, work: () => Promise<T>): Promise<T> {
    const step = `${this.#numberOf(title)}${printable(title)}`;
    const began = this.#clock();
    const before = this.#durations.last(title);
    const remember = before === undefined ? '' : `last time ${shortSeconds(before)}`;
    this.#line.show((detail) => this.#running(step, this.#clock() - began, remember, detail));
    try {
      const result = await work();
      const took = this.#clock() - began;
      this.#durations.remember(title, took);
      this.#finish(`${step} … ${this.#paint('green', shortSeconds(took))}`, remember);
      return result;
    } catch (error) {
      this.#finish(`${step} … ${this.#paint('red', `failed after ${shortSeconds(this.#clock() - began)}`)}`, remember);
      throw error;
    }
  }

  note(text: string): void {
    // Further lines are indented, so that they do not look like the line of a step.
    this.#line.keep(text.replaceAll('\n', '\n  '));
  }

  now(text: string): void {
    this.#line.detail(printable(text));
  }

  /** A step that was not announced has no number. */
  #numberOf(title: string): string {
    const index = this.#planned.indexOf(title);
    if (index === -1) return '';
    this.#done = index + 1;
    return `[${this.#done}/${this.#planned.length}] `;
  }

  /** A line has room for the current activity or for the number of remaining steps. `[3/9]` shows the latter as well. */
  #running(step: string, elapsed: Ms, remember: string, detail: string): string {
    const remaining = this.#planned.length - this.#done;
    const toGo = detail === '' && remaining > 0 && this.#done > 0 ? `${remaining} to go` : '';
    const seconds = Math.floor(elapsed / 1000);
    const facts = [seconds === 0 ? 'started' : `${seconds} s so far`, remember, toGo].filter(Boolean);
    return [step, this.#paint('dim', facts.join(' · ')), detail].filter(Boolean).join('  ');
  }

  #finish(line: string, remember: string): void {
    const text = remember ? `${line} ${this.#paint('dim', `(${remember})`)}` : line;
    this.#line.end(text);
  }
}
