import { type Micros, type Ms, microsToMs } from '../../model/units.ts';

const widthMicros = 100;
const bins = 50_000;

/** A histogram of durations up to 5 s with a resolution of 0.1 ms, in constant memory. */
export class DurationHistogram {
  readonly #counts = new Uint32Array(bins + 1);
  #total = 0;

  add(duration: Micros): void {
    this.#total += 1;
    const bin = Math.min(bins, Math.max(0, Math.floor(duration / widthMicros)));
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
  }

  get total(): number {
    return this.#total;
  }

  /** The upper edge of the bin that contains this quantile; 0 if the histogram is empty. */
  quantile(share: number): Ms {
    let left = Math.ceil(this.#total * share);
    if (left === 0) return 0;
    const bin = this.#counts.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return microsToMs((bin + 1) * widthMicros);
  }
}
