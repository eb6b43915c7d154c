import { type Micros, type Ms, microsToMs, msToMicros } from '../../model/units.ts';
import { NumberSet } from './number-set.ts';

interface Span {
  readonly from: Micros;
  readonly to: Micros;
}

/** The times at which something happened, with a resolution of 1 ms and one bit each. */
export class TimeBitmap {
  readonly #from: Micros;
  readonly #last: number;
  readonly #seen = new NumberSet();
  /** Searches stop at the seen times, because a damaged recording may claim any time. */
  #earliest = Number.POSITIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;

  /** Times outside this span are not kept. */
  constructor({ from, to }: Span) {
    this.#from = from;
    this.#last = Math.ceil(microsToMs(to - from));
  }

  #index(at: Micros): number {
    return Math.floor(microsToMs(at - this.#from));
  }

  see(at: Micros): void {
    const index = this.#index(at);
    if (index < 0 || index > this.#last) return;
    this.#seen.add(index);
    this.#earliest = Math.min(this.#earliest, index);
    this.#latest = Math.max(this.#latest, index);
  }

  /** Whether there is a time between these two, or in their milliseconds. */
  any(from: Micros, to: Micros): boolean {
    const last = Math.min(this.#index(to), this.#latest);
    for (let index = Math.max(this.#index(from), this.#earliest); index <= last; index++)
      if (this.#seen.has(index)) return true;
    return false;
  }

  /** The latest time before `at`; the start of the span if there is none. */
  before(at: Micros): Micros {
    let index = Math.min(this.#index(at) - 1, this.#latest);
    while (index >= this.#earliest && !this.#seen.has(index)) index--;
    return this.#from + (index < this.#earliest ? 0 : msToMicros(index));
  }

  /** The longest gap between two times, or to the ends of the span, and when it began. */
  longestGap(span: Span): { readonly at: Micros; readonly ms: Ms } {
    let longest = { at: span.from, ms: 0 };
    for (const { from, to } of this.#gaps(span)) {
      const ms = microsToMs(to - from);
      if (ms > longest.ms) longest = { at: from, ms };
    }
    return longest;
  }

  /** Every longer gap, in order. */
  gapsOver(ms: Ms, span: Span): Span[] {
    const long: Span[] = [];
    for (const gap of this.#gaps(span)) if (gap.to - gap.from > msToMicros(ms)) long.push(gap);
    return long;
  }

  *#gaps({ from, to }: Span): Generator<Span> {
    const [first, end] = [this.#index(from), this.#index(to)];
    const last = Math.min(end, this.#latest);
    const gap = (one: number, other: number): Span => ({
      from: this.#from + msToMicros(one),
      to: this.#from + msToMicros(other),
    });
    let before = first;
    for (let index = Math.max(first, this.#earliest); index <= last; index++) {
      if (!this.#seen.has(index)) continue;
      yield gap(before, index);
      before = index;
    }
    yield gap(before, end);
  }

  /** The first time after `at`; the end of the span if there is none. */
  after(at: Micros): Micros {
    let index = Math.max(this.#index(at) + 1, this.#earliest);
    while (index <= this.#latest && !this.#seen.has(index)) index++;
    return this.#from + msToMicros(index > this.#latest ? this.#last : index);
  }
}
