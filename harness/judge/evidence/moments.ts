import { type Micros, type Ms, microsToMs, msToMicros } from '../../model/units.ts';
import { NumberSet } from './number-set.ts';

/** The moments at which something happened, to the millisecond, a bit each. */
export class Moments {
  readonly #from: Micros;
  readonly #last: number;
  readonly #seen = new NumberSet();
  /** No search goes beyond what was seen: a recording that is damaged may claim any time. */
  #earliest = Number.POSITIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;

  /** What is outside this time is not kept. */
  constructor({ from, to }: { readonly from: Micros; readonly to: Micros }) {
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

  /** Whether there is one in the milliseconds of these two, or between them. */
  any(from: Micros, to: Micros): boolean {
    const last = Math.min(this.#index(to), this.#latest);
    for (let index = Math.max(this.#index(from), this.#earliest); index <= last; index++)
      if (this.#seen.has(index)) return true;
    return false;
  }

  /** The latest one before; the beginning where there is none. */
  before(at: Micros): Micros {
    let index = Math.min(this.#index(at) - 1, this.#latest);
    while (index >= this.#earliest && !this.#seen.has(index)) index--;
    return this.#from + (index < this.#earliest ? 0 : msToMicros(index));
  }

  /** The longest time between two of them, or to the ends of a span, and when it began. */
  longestGap({ from, to }: { readonly from: Micros; readonly to: Micros }): { readonly at: Micros; readonly ms: Ms } {
    let before = this.#index(from);
    let longest = { at: from, ms: 0 };
    const see = (index: number) => {
      if (index - before > longest.ms) longest = { at: this.#from + msToMicros(before), ms: index - before };
      before = index;
    };
    const last = Math.min(this.#index(to), this.#latest);
    for (let index = Math.max(before, this.#earliest); index <= last; index++) if (this.#seen.has(index)) see(index);
    see(this.#index(to));
    return longest;
  }

  /** The first one after; the end where there is none. */
  after(at: Micros): Micros {
    let index = Math.max(this.#index(at) + 1, this.#earliest);
    while (index <= this.#latest && !this.#seen.has(index)) index++;
    return this.#from + msToMicros(index > this.#latest ? this.#last : index);
  }
}
