import type { ClockSample, LeaseState } from '../../model/event.ts';
import { type Micros, msToMicros } from '../../model/units.ts';

/** How far the clocks of two recordings may be apart. */
export const clocksApart = msToMicros(50);

/** On a busy machine a watch tells what happened up to a second later; what no lease shows may be as late. */
const unmeasured = msToMicros(1000);
/** Other watches may be later than the latest renewal. */
const margin = msToMicros(300);
const most = msToMicros(5000);

/** A loop that does nothing for less than this adds nothing that the margin does not allow for. */
const counts = msToMicros(250);
/** Events that had waited for the loop are stamped within this time after it. */
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
 * How late moments may be that the harness stamped as something arrived: as long as that is on its way, which is
 * measured by the nodes' leases, as each says when it was renewed; and as long as the harness's own loop was held up,
 * which the samples of its clock tell.
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

  /** A lease that was seen to change. */
  seeRenewal(at: Micros, node: string, { renewed }: LeaseState): void {
    const written = Date.parse(renewed);
    if (Number.isNaN(written)) return;
    const own = this.#renewals.get(node) ?? [];
    this.#renewals.set(node, own);
    own.push({ at, late: Math.max(0, at - msToMicros(written)) });
    this.#measured = undefined;
  }

  /** For how long at most the loop had been held up when it stamped that moment, in microseconds. */
  heldUp(stamped: Micros): Micros {
    return this.#heldUp.reduce(
      (longest, { from, to, delay }) => (from <= stamped && stamped <= to ? Math.max(longest, delay) : longest),
      0,
    );
  }

  /** For how long it was ever held up, at most, in microseconds. */
  get longestHeldUp(): Micros {
    return Math.max(0, ...this.#heldUp.map(({ delay }) => delay));
  }

  /** How long before that stamp it may have happened, in microseconds. */
  late(stamped: Micros): Micros {
    const { measured } = this;
    return (measured === undefined ? unmeasured : Math.min(most, measured + margin)) + this.heldUp(stamped);
  }

  /**
   * How late renewals were seen while the loop ran, at most, in microseconds; undefined if no lease tells. The worst node
   * does not count: one that is cut off, or frozen, tells late of itself.
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
