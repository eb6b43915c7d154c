import type { ClockSample } from '../../model/event.ts';
import { type Micros, msToMicros } from '../../model/units.ts';

/** How far the clocks of two recordings may be apart. */
export const clocksApart = msToMicros(50);
/** What a watch tells is on its way for up to a second on a busy machine; 0.2 s were seen. */
const onItsWay = msToMicros(1000);
/** A loop that does nothing for less than this adds nothing that the second does not allow for. */
const counts = msToMicros(250);
/** What had piled up meanwhile is stamped soon after. */
const catchesUp = msToMicros(500);

interface HeldUp {
  readonly from: Micros;
  readonly to: Micros;
  readonly delay: Micros;
}

/**
 * How late moments may be that the harness stamped as something arrived: as long as it is on its way, and as long as
 * the harness's own loop was held up, which the samples of its clock tell.
 */
export class Stamps {
  readonly #heldUp: HeldUp[] = [];
  #before: Micros | undefined;

  see({ at, loopDelayMs }: Pick<ClockSample, 'at' | 'loopDelayMs'>): void {
    const delay = msToMicros(loopDelayMs);
    const from = Math.min(this.#before ?? at, at - delay);
    this.#before = at;
    if (delay >= counts) this.#heldUp.push({ from, to: at + catchesUp, delay });
  }

  /** For how long at most the loop had been held up when it stamped that moment, in microseconds. */
  heldUp(stamped: Micros): Micros {
    return this.#heldUp.reduce(
      (longest, { from, to, delay }) => (from <= stamped && stamped <= to ? Math.max(longest, delay) : longest),
      0,
    );
  }

  /** For how long it was ever held up, at most. */
  get longest(): Micros {
    return Math.max(0, ...this.#heldUp.map(({ delay }) => delay));
  }

  /** How long before that stamp it may have happened, in microseconds. */
  late(stamped: Micros): Micros {
    return onItsWay + this.heldUp(stamped);
  }
}
