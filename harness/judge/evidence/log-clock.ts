import type { Micros } from '../../model/units.ts';
import { epsilon } from './connections.ts';
import { TenthsOfTime, written } from './tenths.ts';

interface Span {
  readonly from: Micros;
  readonly to: Micros;
}

/** Beginnings and ends of requests beside their rows. Of a request that takes long only one of the two shows another clock. */
class Both {
  readonly starts: TenthsOfTime;
  readonly ends: TenthsOfTime;

  constructor(span: Span, tolerance: Micros) {
    this.starts = new TenthsOfTime(span, tolerance);
    this.ends = new TenthsOfTime(span, tolerance);
  }
}

/** The clock that stamped a log beside the one that stamped the requests in it. */
export class LogClock {
  /** As far apart as the recordings may be. */
  readonly #close: Both;
  /** As far apart as causes allow for. */
  readonly #far: Both;

  /** `error`: by how much both clocks may be apart. */
  constructor(span: Span, error: Micros) {
    this.#close = new Both(span, written + error);
    this.#far = new Both(span, epsilon);
  }

  /** A line that is stamped `at`, of a request that was answered. */
  see(type: 'start' | 'end', at: Micros, request: { readonly start: Micros; readonly end: Micros }): void {
    for (const { starts, ends } of [this.#close, this.#far])
      (type === 'start' ? starts : ends).see(request.start, request.end, at);
  }

  get tenths(): readonly TenthsOfTime[] {
    return [this.#close.starts, this.#close.ends];
  }

  /** Whether it has enough requests to tell whether it is another. */
  get tells(): boolean {
    return this.#far.starts.tells;
  }

  /** Whether it is another by more than causes allow for. */
  get isApart(): boolean {
    return this.#far.starts.isApart || this.#far.ends.isApart;
  }
}
