import { type Micros, type Ms, microsToMs } from '../../model/units.ts';

const widthMicros = 100;
const bins = 50_000;

/** How long something took, to 0.1 ms up to 5 s, in constant memory. */
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

  /** The upper edge of the bin in which this share of all is reached; 0 where there are none. */
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
