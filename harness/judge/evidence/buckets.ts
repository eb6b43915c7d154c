import type { Cause } from '../../model/cause.ts';
import type { Bucket } from '../../model/finding.ts';
import { type Micros, type Ms, msToMicros } from '../../model/units.ts';

const sliceMs: Ms = 100;
/** The width of a bar in the report. */
export const bucketMs: Ms = 500;
const slicesPerBucket = bucketMs / sliceMs;
/** More than a day. A damaged recording may claim any time. */
const mostSlices = 1_000_000;

/** A time window, and the share of the requests sent in it that failed. */
interface FailedShare {
  readonly from: Micros;
  readonly share: number;
  /** The share minus what chance may explain. */
  readonly beyondChance: number;
}

/** Counts of answered and failed requests over the judged time, by when they were sent. */
export class Buckets {
  readonly #from: Micros;
  readonly #answered: Uint32Array;
  readonly #failed: Uint32Array;
  readonly #causes = new Map<number, { [cause: string]: number }>();

  constructor({ from, to }: { readonly from: Micros; readonly to: Micros }) {
    this.#from = from;
    const slices = Math.min(mostSlices, Math.max(0, Math.ceil((to - from) / msToMicros(sliceMs))));
    this.#answered = new Uint32Array(slices);
    this.#failed = new Uint32Array(slices);
  }

  #slice(at: Micros): number {
    return Math.floor((at - this.#from) / msToMicros(sliceMs));
  }

  answer(at: Micros): void {
    const slice = this.#slice(at);
    this.#answered[slice] = (this.#answered[slice] ?? 0) + 1;
  }

  fail(at: Micros, cause: Cause): void {
    const bucket = Math.floor(this.#countFailed(at) / slicesPerBucket);
    const causes = this.#causes.get(bucket) ?? {};
    causes[cause] = (causes[cause] ?? 0) + 1;
    this.#causes.set(bucket, causes);
  }

  #countFailed(at: Micros): number {
    const slice = this.#slice(at);
    this.#failed[slice] = (this.#failed[slice] ?? 0) + 1;
    return slice;
  }

  list(): Bucket[] {
    return Array.from({ length: Math.ceil(this.#answered.length / slicesPerBucket) }, (_, bucket) => ({
      from: this.#from + bucket * msToMicros(bucketMs),
      answered: sum(this.#answered.subarray(bucket * slicesPerBucket, (bucket + 1) * slicesPerBucket)),
      failed: this.#causes.get(bucket) ?? {},
    }));
  }

  /** The same answers, with only those failures that were sent at these times. */
  withFailures(starts: readonly Micros[]): Buckets {
    const other = new Buckets({ from: this.#from, to: this.#from + this.#answered.length * msToMicros(sliceMs) });
    other.#answered.set(this.#answered);
    for (const at of starts) other.#countFailed(at);
    return other;
  }

  /**
   * The window with the greatest failed share, of all windows that begin at or after `from`, in steps of 0.1 s.
   * `chance` is subtracted from each share, by its number of requests, before windows are compared.
   */
  worstShare(from: Micros, windowMs: Ms, chance: (requests: number) => number = () => 0): FailedShare {
    const first = Math.max(0, Math.ceil((from - this.#from) / msToMicros(sliceMs)));
    const slices = this.#answered.length;
    // A recording that is shorter than a window is one window.
    const width = Math.max(1, Math.min(Math.round(windowMs / sliceMs), slices - first));
    let worst: FailedShare = { from, share: 0, beyondChance: 0 };
    let [failed, all] = [0, 0];
    for (let slice = first; slice < slices; slice++) {
      failed += this.#failed[slice] ?? 0;
      all += (this.#failed[slice] ?? 0) + (this.#answered[slice] ?? 0);
      const left = slice - width;
      if (left >= first) {
        failed -= this.#failed[left] ?? 0;
        all -= (this.#failed[left] ?? 0) + (this.#answered[left] ?? 0);
      }
      if (left + 1 < first || all === 0) continue;
      const beyondChance = failed / all - chance(all);
      if (beyondChance <= worst.beyondChance) continue;
      worst = { from: this.#from + (left + 1) * msToMicros(sliceMs), share: failed / all, beyondChance };
    }
    return worst;
  }
}

const sum = (counts: Uint32Array): number => counts.reduce((total, each) => total + each, 0);
