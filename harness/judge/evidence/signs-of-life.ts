import type { RecordedEvent } from '../../model/event.ts';
import { type Micros, type Ms, microsToMs, msToMicros } from '../../model/units.ts';

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;

/** Fewer times between two reports tell no usual one. */
const enough = 3;

/** When each watch showed that it lives: by all that it told, and by the word that the server ended it in good order. */
export class SignsOfLife {
  readonly #signs = new Map<string, Micros[]>();
  readonly #told = new Set<string>();
  readonly #latest = new Map<string, Micros>();
  readonly #between = new Map<string, number[]>();

  see({ at, source, type, subject }: RecordedEvent): void {
    const watch = source === 'watch' ? subject : source;
    if (source === 'watch') {
      if (type !== 'alive') return;
      this.#told.add(watch);
    } else this.#seeInterval(source, subject, at);
    const signs = this.#signs.get(watch) ?? [];
    signs.push(at);
    this.#signs.set(watch, signs);
  }

  /** Nodes and leases are written again and again, by themselves. */
  #seeInterval(source: string, subject: string, at: Micros): void {
    if (source !== 'node' && source !== 'lease') return;
    const object = `${source} ${subject}`;
    const before = this.#latest.get(object);
    this.#latest.set(object, at);
    if (before === undefined) return;
    const between = this.#between.get(source) ?? [];
    between.push(at - before);
    this.#between.set(source, between);
  }

  /** Whether a recorder wrote signs of life by themselves: recordings from before have none. */
  get areRecorded(): boolean {
    return this.#told.size > 0;
  }

  /** How often an object that this watch tells of is usually written; undefined where too little is known. */
  usual(watch: string): Micros | undefined {
    const between = this.#between.get(watch) ?? [];
    return between.length < enough ? undefined : median(between);
  }

  /** The longest silence that reaches into a time, and when it began. `silent` is how much of one counts, in microseconds. */
  longestSilence(
    watch: string,
    { from, to }: { readonly from: Micros; readonly to: Micros },
    silent: (from: Micros, to: Micros) => Micros = (began, ended) => ended - began,
  ): { readonly at: Micros; readonly ms: Ms } {
    const signs = this.#signs.get(watch) ?? [];
    let last = signs.findLast((at) => at <= from) ?? from;
    let longest = { at: last, ms: 0 };
    for (const at of [...signs.filter((sign) => sign > from && sign < to), to]) {
      const ms = microsToMs(silent(last, at));
      if (ms > longest.ms) longest = { at: last, ms };
      last = at;
    }
    return longest;
  }

  /** Whether it showed that it lives after a moment: then nothing from before is missing. */
  after(watch: string, at: Micros): boolean {
    return (this.#signs.get(watch) ?? []).some((sign) => sign > at);
  }
}

/** How often the recorder makes the server end a watch. */
export const endedEvery: Micros = msToMicros(5000);
