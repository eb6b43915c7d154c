import type { ClockSample } from '../../model/event.ts';
import { type Micros, type Ms, microsToMs } from '../../model/units.ts';

interface Extreme {
  readonly at: Micros;
  readonly value: number;
}

const larger = (one: Extreme | undefined, at: Micros, value: number): Extreme =>
  one && one.value >= value ? one : { at, value };

/** A smaller change of the clock is not a step. */
export const stepLimitMs: Ms = 5;

/** A process may wait for a CPU this long between two lines of code, without any sign of it. */
const heldUpMs: Ms = 1000;

/** The clock and the host of holdfast over the judged time: the largest value of each measure, and when it occurred. */
export class ClockFold {
  samples = 0;
  /** By how much wall minus monotonic time changed from one sample to the next, and stayed changed, in ms. */
  step: Extreme | undefined;
  /** The time between two samples, in ms. */
  gap: Extreme | undefined;
  loopDelay: Extreme | undefined;
  steal: Extreme | undefined;
  busy: Extreme | undefined;
  /**
   * By how much the stamps of one source went back, in ms. Only this shows a step back and forth between two samples.
   */
  back: Extreme | undefined;
  #source = '';
  #latest: Micros = 0;
  #before: ClockSample | undefined;
  #beforeThat: ClockSample | undefined;
  #settled: Micros | undefined;
  readonly #from: Micros;
  readonly #to: Micros;

  constructor({ from, to }: { readonly from: Micros; readonly to: Micros }) {
    this.#from = from;
    this.#to = to;
  }

  see(sample: ClockSample): void {
    const before = this.#before;
    if (before) {
      if (this.#beforeThat) this.#seeStep([this.#beforeThat, before, sample]);
      // A gap that began before the judged time may extend into it.
      const gapMs = microsToMs(sample.monotonic - before.monotonic);
      if (sample.at >= this.#from && before.at <= this.#to) this.gap = larger(this.gap, sample.at, gapMs);
    }
    this.#beforeThat = before;
    this.#before = sample;
    if (sample.at < this.#from || sample.at > this.#to) return;
    this.samples += 1;
    this.loopDelay = larger(this.loopDelay, sample.at, sample.loopDelayMs);
    this.steal = larger(this.steal, sample.at, sample.steal);
    this.busy = larger(this.busy, sample.at, sample.busy);
  }

  /** Sees the stamps of a source in the order in which it wrote them. The stamps of one source must come together. */
  seeStamp(source: string, at: Micros): void {
    const back = source === this.#source ? this.#latest - at : 0;
    if (back > 0 && at >= this.#from && at <= this.#to) this.back = larger(this.back, at, microsToMs(back));
    this.#source = source;
    this.#latest = at;
  }

  /**
   * The two clocks are read one after another, so a single odd sample means that the process was delayed. A step stays.
   */
  #seeStep(three: readonly [ClockSample, ClockSample, ClockSample]): void {
    const [, settled = 0] = three.map(({ at, monotonic }) => at - monotonic).sort((one, other) => one - other);
    const { at, monotonic } = three[1];
    // The delay is no longer than that of the event loop. Its neighbours are used, because its own time is uncertain.
    const odd = Math.abs(microsToMs(at - monotonic - settled));
    const heldUp = Math.max(...three.map(({ loopDelayMs }) => loopDelayMs)) + heldUpMs;
    const near = three[2].at >= this.#from && three[0].at <= this.#to;
    if (near && odd > heldUp) this.step = larger(this.step, three[0].at, odd);
    if (this.#settled !== undefined && at >= this.#from && at <= this.#to) {
      this.step = larger(this.step, at, Math.abs(microsToMs(settled - this.#settled)));
    }
    this.#settled = settled;
  }

  /** The time from the last sample to the end of the judged time. */
  get uncoveredMs(): Ms {
    return Math.max(0, microsToMs(this.#to - (this.#before?.at ?? this.#from)));
  }
}
