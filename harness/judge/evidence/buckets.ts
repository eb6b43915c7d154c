import type { Cause } from '../../model/cause.ts';
import type { Bucket } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';

const mostBuckets = 1_000_000;

/** Counts of answered and failed requests in slices of the judged time, by when they started. */
export class Buckets {
  readonly #from: Micros;
  readonly #width: Micros;
  readonly #answered: Uint32Array;
  readonly #failed = new Map<number, { [cause: string]: number }>();

  constructor({ from, to }: { readonly from: Micros; readonly to: Micros }, width: Micros) {
    this.#from = from;
    this.#width = width;
    this.#answered = new Uint32Array(Math.min(mostBuckets, Math.max(0, Math.ceil((to - from) / width))));
  }

  #index(at: Micros): number {
    return Math.floor((at - this.#from) / this.#width);
  }

  answer(at: Micros): void {
    const index = this.#index(at);
    this.#answered[index] = (this.#answered[index] ?? 0) + 1;
  }

  fail(at: Micros, cause: Cause): void {
    const index = this.#index(at);
    const failed = this.#failed.get(index) ?? {};
    failed[cause] = (failed[cause] ?? 0) + 1;
    this.#failed.set(index, failed);
  }

  list(): Bucket[] {
    return [...this.#answered].map((answered, index) => ({
      from: this.#from + index * this.#width,
      answered,
      failed: this.#failed.get(index) ?? {},
    }));
  }
}
