import type { RecordedEvent } from '../../model/event.ts';
import { type Micros, type Ms, microsToMs, msToMicros } from '../../model/units.ts';

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;

/** With fewer intervals between reports there is no usual interval. */
const enough = 4;
const regularShare = 0.75;

const push = (lists: Map<string, number[]>, key: string, value: number): void => {
  const list = lists.get(key) ?? [];
  list.push(value);
  lists.set(key, list);
};

/** When each watch showed that it is alive: by its events, and by the orderly end of each watch request. */
export class SignsOfLife {
  readonly #signs = new Map<string, Micros[]>();
  /** When each watch last recorded `alive`. */
  readonly #alive = new Map<string, Micros>();
  /** The events of each watch about objects that are updated regularly. */
  readonly #reports = new Map<string, Micros[]>();
  readonly #latest = new Map<string, Micros>();
  readonly #reported = new Set<string>();
  readonly #between = new Map<string, number[]>();

  see({ at, source, type, subject }: RecordedEvent): void {
    const watch = source === 'watch' ? subject : source;
    if (source === 'watch') {
      if (type !== 'alive') return;
      this.#alive.set(watch, at);
    } else if (source === 'node' || source === 'lease') this.#seeReport(source, subject, at);
    push(this.#signs, watch, at);
  }

  #seeReport(source: string, subject: string, at: Micros): void {
    push(this.#reports, source, at);
    const object = `${source} ${subject}`;
    const before = this.#latest.get(object);
    this.#latest.set(object, at);
    // The first event comes from the list, so the time to the next one is arbitrary.
    if (before !== undefined && this.#reported.has(object)) push(this.#between, source, at - before);
    if (before !== undefined) this.#reported.add(object);
  }

  /** When a watch last recorded `alive`; undefined if never. */
  lastAlive(watch: string): Micros | undefined {
    return this.#alive.get(watch);
  }

  /** How often an object of this watch is usually updated; undefined if too few or irregular updates were seen. */
  usual(watch: string): Micros | undefined {
    const between = this.#between.get(watch) ?? [];
    const usual = median(between);
    const regular = between.filter((each) => each > usual / 2 && each < usual * 1.5);
    return between.length < enough || regular.length < between.length * regularShare ? undefined : usual;
  }

  /**
   * The longest silence that overlaps a time, and when it began. `reported`: only updates of regularly updated objects
   * count, not every sign. `silent` returns how much of a silence counts, in microseconds.
   */
  longestSilence(
    watch: string,
    { from, to, reported = false }: { readonly from: Micros; readonly to: Micros; readonly reported?: boolean },
    silent: (from: Micros, to: Micros) => Micros = (began, ended) => ended - began,
  ): { readonly at: Micros; readonly ms: Ms } {
    const signs = (reported ? this.#reports : this.#signs).get(watch) ?? [];
    let last = signs.findLast((at) => at <= from) ?? from;
    let longest = { at: last, ms: 0 };
    for (const at of [...signs.filter((sign) => sign > from && sign < to), to]) {
      const ms = microsToMs(silent(last, at));
      if (ms > longest.ms) longest = { at: last, ms };
      last = at;
    }
    return longest;
  }

  /** Whether the watch showed that it is alive after a moment. Then no earlier event is missing. */
  after(watch: string, at: Micros): boolean {
    return (this.#signs.get(watch) ?? []).some((sign) => sign > at);
  }
}

/** How often the recorder makes the API server end a watch request. */
export const endedEvery: Micros = msToMicros(5000);
