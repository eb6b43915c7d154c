import { type Micros, msToMicros } from '../../model/units.ts';

/** Sources share one clock; this is what it takes to write a line. */
const tolerance: Micros = msToMicros(10);
/** Of a clock that is the same some lines are always written in time, however busy the machine is. */
const inTimeShare = 0.1;
const enough = 20;
const parts = 10;

/** What a source stamped of requests, by tenths of the time: how many stamps lie within their requests. */
export class TenthsOfTime {
  readonly #from: Micros;
  readonly #width: Micros;
  readonly #compared = new Uint32Array(parts);
  readonly #inTime = new Uint32Array(parts);

  constructor({ from, to }: { readonly from: Micros; readonly to: Micros }) {
    this.#from = from;
    this.#width = Math.max(1, (to - from) / parts);
  }

  /** `at` is the source's stamp of a request that was sent and ended then. Requests of other times are not looked at. */
  see(start: Micros, end: Micros, at: Micros): void {
    const part = Math.floor((start - this.#from) / this.#width);
    if (part < 0 || part >= parts) return;
    this.#compared[part] = (this.#compared[part] ?? 0) + 1;
    if (at < start - tolerance || at > end + tolerance) return;
    this.#inTime[part] = (this.#inTime[part] ?? 0) + 1;
  }

  /** When the first tenth begins in which hardly a stamp is in time; undefined where there is none. */
  get apartFrom(): Micros | undefined {
    const part = this.#compared.findIndex(
      (compared, index) => compared >= enough && (this.#inTime[index] ?? 0) < compared * inTimeShare,
    );
    return part < 0 ? undefined : this.#from + part * this.#width;
  }
}
