import type { ClockSample, LeaseState } from '../../model/event.ts';
import { type Micros, msToMicros } from '../../model/units.ts';

/** How far the clocks of two recordings may differ. */
export const clocksApart = msToMicros(50);

/** On a busy machine a watch reports up to one second late. This is assumed if leases do not show it. */
const unmeasured = msToMicros(1000);
/** Other watches may be later than the latest renewal. */
const margin = msToMicros(300);
const most = msToMicros(5000);

/** A shorter delay of the event loop is covered by the margin. */
const counts = msToMicros(250);
/** Events that waited for the event loop are stamped within this time after its delay. */
const catchesUp = msToMicros(500);

interface HeldUp {
  readonly from: Micros;
  readonly to: Micros;
  readonly delay: Micros;
}

interface Renewal {
  readonly at: Micros;
  readonly late: Micros;
}

/**
 * How late stamps may be that holdfast makes when an event arrives: as late as the event is in transit, which is
 * measured by node leases because they contain the time of their renewal, plus the delay of holdfast’s own event loop,
 * which the clock samples show.
 */
export class Stamps {
  readonly #heldUp: HeldUp[] = [];
  readonly #renewals = new Map<string, Renewal[]>();
  #before: Micros | undefined;
  #measured: { readonly late: Micros | undefined } | undefined;

  see({ at, loopDelayMs }: Pick<ClockSample, 'at' | 'loopDelayMs'>): void {
    const delay = msToMicros(loopDelayMs);
    const from = Math.min(this.#before ?? at, at - delay);
    this.#before = at;
    this.#measured = undefined;
    if (delay >= counts) this.#heldUp.push({ from, to: at + catchesUp, delay });
  }

  /** Sees that a lease changed. */
  seeRenewal(at: Micros, node: string, { renewed }: LeaseState): void {
    const written = Date.parse(renewed);
    if (Number.isNaN(written)) return;
    const own = this.#renewals.get(node) ?? [];
    this.#renewals.set(node, own);
    own.push({ at, late: Math.max(0, at - msToMicros(written)) });
    this.#measured = undefined;
  }

  /** The longest delay of the event loop at a stamp, in microseconds. */
  heldUp(stamped: Micros): Micros {
    return this.#heldUp.reduce(
      (longest, { from, to, delay }) => (from <= stamped && stamped <= to ? Math.max(longest, delay) : longest),
      0,
    );
  }

  /** The longest delay of the event loop at any time, in microseconds. */
  get longestHeldUp(): Micros {
    return Math.max(0, ...this.#heldUp.map(({ delay }) => delay));
  }

  /** How long before its stamp an event may have happened, in microseconds. */
  late(stamped: Micros): Micros {
    const { measured } = this;
    return (measured === undefined ? unmeasured : Math.min(most, measured + margin)) + this.heldUp(stamped);
  }

  /**
   * How late renewals were reported while the event loop was not delayed, in microseconds; undefined without leases.
   * The worst node does not count, because a node that is cut off or frozen renews late itself.
   */
  get measured(): Micros | undefined {
    this.#measured ??= { late: this.#measure() };
    return this.#measured.late;
  }

  #measure(): Micros | undefined {
    const worst = [...this.#renewals.values()].map((own) =>
      own.reduce((longest, { at, late }) => Math.max(longest, late - this.heldUp(at)), 0),
    );
    const [first, second] = worst.sort((one, other) => other - one);
    return second ?? first;
  }
}
