import { type Micros, msToMicros } from '../../model/units.ts';

const width: Micros = msToMicros(100);

/** How often something happened, to 0.1 s. */
export class Tally {
  readonly #from: Micros;
  readonly #most: number;
  #counts = new Uint32Array(256);
  #sums: Float64Array | undefined;

  /** What is outside this time is not counted. */
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

  /** How often it happened between two moments. */
  between(from: Micros, to: Micros): number {
    const until = (at: Micros) => {
      const index = Math.round((at - this.#from) / width);
      return this.sums[Math.max(0, Math.min(index, this.#counts.length))] ?? 0;
    };
    return Math.max(0, until(to) - until(from));
  }

  /** Of all before each 0.1 s: no question takes longer for a longer time. */
  private get sums(): Float64Array {
    if (this.#sums) return this.#sums;
    const sums = new Float64Array(this.#counts.length + 1);
    for (const [index, count] of this.#counts.entries()) sums[index + 1] = (sums[index] ?? 0) + count;
    this.#sums = sums;
    return sums;
  }
}
