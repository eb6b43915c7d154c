import { type Micros, msToMicros } from '../../model/units.ts';

const width: Micros = msToMicros(100);

/** Counts events over time, with a resolution of 0.1 s. */
export class Tally {
  readonly #from: Micros;
  readonly #most: number;
  #counts = new Uint32Array(256);
  #sums: Float64Array | undefined;

  /** Events outside this span are not counted. */
  constructor({ from, to }: { readonly from: Micros; readonly to: Micros }) {
    this.#from = from;
    this.#most = Math.floor((to - from) / width);
  }

  see(at: Micros): void {
    const index = Math.floor((at - this.#from) / width);
    if (index < 0 || index > this.#most) return;
    if (index >= this.#counts.length) {
      const larger = new Uint32Array(Math.max(index + 1, this.#counts.length * 2));
      larger.set(this.#counts);
      this.#counts = larger;
    }
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sums = undefined;
  }

  /** The number of events between two times. */
  between(from: Micros, to: Micros): number {
    const until = (at: Micros) => {
      const index = Math.round((at - this.#from) / width);
      return this.sums[Math.max(0, Math.min(index, this.#counts.length))] ?? 0;
    };
    return Math.max(0, until(to) - until(from));
  }

  /** Sums of all earlier 0.1 s, so that any query takes the same time. */
  private get sums(): Float64Array {
    if (this.#sums) return this.#sums;
    const sums = new Float64Array(this.#counts.length + 1);
    for (const [index, count] of this.#counts.entries()) sums[index + 1] = (sums[index] ?? 0) + count;
    this.#sums = sums;
    return sums;
  }
}
