import { type Micros, msToMicros } from '../../model/units.ts';

/** How long writing a line takes. Otherwise the sources share one clock. */
export const written: Micros = msToMicros(10);
/** If the clock is the same, at least this share of the lines is written in time, even on a busy machine. */
const inTimeShare = 0.1;
const enough = 20;
/** This many stamps in all are enough if almost none is in time. */
const enoughOfAll = 5;
const parts = 10;

/** Stamps of another source about requests, by tenths of the time: how many lie within their requests. */
export class TenthsOfTime {
  readonly #from: Micros;
  readonly #width: Micros;
  readonly #tolerance: Micros;
  readonly #compared = new Uint32Array(parts);
  readonly #inTime = new Uint32Array(parts);

  /** `tolerance`: how far a stamp may lie outside its request. */
  constructor({ from, to }: { readonly from: Micros; readonly to: Micros }, tolerance: Micros = written) {
    this.#from = from;
    this.#tolerance = tolerance;
    this.#width = Math.max(1, (to - from) / parts);
  }

  /** Sees the source’s stamp `at` of a request from `start` to `end`. Requests outside the span are ignored. */
  see(start: Micros, end: Micros, at: Micros): void {
    const part = Math.floor((start - this.#from) / this.#width);
    if (part < 0 || part >= parts) return;
    this.#compared[part] = (this.#compared[part] ?? 0) + 1;
    if (at < start - this.#tolerance || at > end + this.#tolerance) return;
    this.#inTime[part] = (this.#inTime[part] ?? 0) + 1;
  }

  /** When the first tenth begins in which almost no stamp is in time; undefined if there is none. */
  get differsFrom(): Micros | undefined {
    const part = this.#compared.findIndex(
      (compared, index) => compared >= enough && (this.#inTime[index] ?? 0) < compared * inTimeShare,
    );
    return part < 0 ? undefined : this.#from + part * this.#width;
  }

  /** Whether there are enough requests to compare the clocks. */
  get isEnough(): boolean {
    return sum(this.#compared) >= enoughOfAll;
  }

  /** Whether almost no stamp is in time, in a tenth or in total. */
  get differs(): boolean {
    const all = sum(this.#inTime) < sum(this.#compared) * inTimeShare;
    return this.differsFrom !== undefined || (this.isEnough && all);
  }
}

const sum = (counts: Uint32Array): number => counts.reduce((all, each) => all + each, 0);
