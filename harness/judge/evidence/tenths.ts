import { type Micros, msToMicros } from '../../model/units.ts';

/** Sources share one clock; this is what it takes to write a line. */
export const written: Micros = msToMicros(10);
/** Of a clock that is the same some lines are always written in time, however busy the machine is. */
const inTimeShare = 0.1;
const enough = 20;
/** So many of all the time are enough if hardly one of them is in time. */
const enoughOfAll = 5;
const parts = 10;

/** What a source stamped of requests, by tenths of the time: how many stamps lie within their requests. */
export class TenthsOfTime {
  readonly #from: Micros;
  readonly #width: Micros;
  readonly #tolerance: Micros;
  readonly #compared = new Uint32Array(parts);
  readonly #inTime = new Uint32Array(parts);

  /** `tolerance`: by how much a stamp may lie outside of its request. */
  constructor({ from, to }: { readonly from: Micros; readonly to: Micros }, tolerance: Micros = written) {
    this.#from = from;
    this.#tolerance = tolerance;
    this.#width = Math.max(1, (to - from) / parts);
  }

  /** `at` is the source's stamp of a request that was sent and ended then. Requests of other times are not looked at. */
  see(start: Micros, end: Micros, at: Micros): void {
    const part = Math.floor((start - this.#from) / this.#width);
    if (part < 0 || part >= parts) return;
    this.#compared[part] = (this.#compared[part] ?? 0) + 1;
    if (at < start - this.#tolerance || at > end + this.#tolerance) return;
    this.#inTime[part] = (this.#inTime[part] ?? 0) + 1;
  }

  /** When the first tenth begins in which hardly a stamp is in time; undefined where there is none. */
  get apartFrom(): Micros | undefined {
    const part = this.#compared.findIndex(
      (compared, index) => compared >= enough && (this.#inTime[index] ?? 0) < compared * inTimeShare,
    );
    return part < 0 ? undefined : this.#from + part * this.#width;
  }

  /** Whether its requests are enough to tell whether its clock is another. */
  get tells(): boolean {
    return sum(this.#compared) >= enoughOfAll;
  }

  /** Whether hardly a stamp is in time, in a tenth or in all. */
  get isApart(): boolean {
    const all = sum(this.#inTime) < sum(this.#compared) * inTimeShare;
    return this.apartFrom !== undefined || (this.tells && all);
  }
}

const sum = (counts: Uint32Array): number => counts.reduce((all, each) => all + each, 0);
