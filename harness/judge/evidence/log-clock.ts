import type { Micros } from '../../model/units.ts';
import { epsilon } from './connections.ts';
import { TenthsOfTime, written } from './tenths.ts';

/** Compares the clock that stamped a log with the clock that stamped the requests in it. */
export class LogClock {
  readonly #starts: TenthsOfTime;
  /** The same with the tolerance of attribution. Only the end of a long request can show a different clock. */
  readonly #farStarts: TenthsOfTime;
  readonly #farEnds: TenthsOfTime;

  /** `error`: how far the two clocks may differ. */
  constructor(span: { readonly from: Micros; readonly to: Micros }, error: Micros) {
    this.#starts = new TenthsOfTime(span, written + error);
    this.#farStarts = new TenthsOfTime(span, epsilon);
    this.#farEnds = new TenthsOfTime(span, epsilon);
  }

  /** Sees a log line stamped `at` about a request that was answered. */
  see(type: 'start' | 'end', at: Micros, { start, end }: { readonly start: Micros; readonly end: Micros }): void {
    for (const tenths of type === 'start' ? [this.#starts, this.#farStarts] : [this.#farEnds])
      tenths.see(start, end, at);
  }

  get tenths(): readonly TenthsOfTime[] {
    return [this.#starts, this.#farEnds];
  }

  /** Whether there are enough requests to compare the clocks. */
  get isEnough(): boolean {
    return this.#farStarts.isEnough;
  }

  /** Whether the clocks differ by more than attribution tolerates. */
  get differs(): boolean {
    return this.#farStarts.differs || this.#farEnds.differs;
  }
}
