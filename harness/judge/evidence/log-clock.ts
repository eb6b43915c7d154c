import type { Micros } from '../../model/units.ts';
import { epsilon } from './connections.ts';
import { TenthsOfTime, written } from './tenths.ts';

/** The clock that stamped a log beside the one that stamped the requests in it. */
export class LogClock {
  readonly #starts: TenthsOfTime;
  /** The same, as far apart as causes allow for. Of a request that takes long only its end may show another clock. */
  readonly #farStarts: TenthsOfTime;
  readonly #farEnds: TenthsOfTime;

  /** `error`: by how much both clocks may be apart. */
  constructor(span: { readonly from: Micros; readonly to: Micros }, error: Micros) {
    this.#starts = new TenthsOfTime(span, written + error);
    this.#farStarts = new TenthsOfTime(span, epsilon);
    this.#farEnds = new TenthsOfTime(span, epsilon);
  }

  /** A line that is stamped `at`, of a request that was answered. */
  see(type: 'start' | 'end', at: Micros, { start, end }: { readonly start: Micros; readonly end: Micros }): void {
    for (const tenths of type === 'start' ? [this.#starts, this.#farStarts] : [this.#farEnds])
      tenths.see(start, end, at);
  }

  get tenths(): readonly TenthsOfTime[] {
    return [this.#starts, this.#farEnds];
  }

  /** Whether it has enough requests to tell whether it is another. */
  get tells(): boolean {
    return this.#farStarts.tells;
  }

  /** Whether it is another by more than causes allow for. */
  get isApart(): boolean {
    return this.#farStarts.isApart || this.#farEnds.isApart;
  }
}
