import type { ClockSample } from '../../model/event.ts';
import { machineLimits } from '../../model/machine-limits.ts';
import { type Micros, type Ms, microsToMs, msToMicros } from '../../model/units.ts';
import type { PhaseTimes } from '../timeline/phases.ts';

/** A time in which the machine did not run normally. */
export interface Stall {
  readonly from: Micros;
  readonly to: Micros;
  readonly what: string;
}

/** The time between two samples. */
const everyMs: Ms = 1000;

/** A damaged recording may have any number. */
const mostStalls = 10_000;

/** A running mean. */
class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count += 1;
  }

  /** Undefined if there was no sample. */
  get value(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }
}

/** What the nodes’ host did: when holdfast had no CPU, how much CPU time was stolen, and what used it. */
export class MachineFold {
  /** When holdfast was delayed or much CPU time was stolen, in the order of the samples. */
  readonly stalls: (Stall & { to: Micros })[] = [];
  /** Shares of the CPU time, from 0 to 1. */
  readonly stolen = { judged: new Mean(), baseline: new Mean() };
  readonly used = {
    all: new Mean(),
    workload: new Mean(),
    helpers: new Mean(),
    otherPods: new Mean(),
    recorder: new Mean(),
  };
  readonly #phases: PhaseTimes;
  readonly #workload: ReadonlySet<string>;
  readonly #helpers: ReadonlySet<string>;
  #before: ClockSample | undefined;

  /** `workload` and `helpers` are the UIDs of the pods under test, and of the pods that holdfast itself runs. */
  constructor(
    phases: PhaseTimes,
    { workload, helpers }: { readonly workload: readonly string[]; readonly helpers: readonly string[] },
  ) {
    this.#phases = phases;
    this.#workload = new Set(workload);
    this.#helpers = new Set(helpers);
  }

  see(sample: ClockSample): void {
    const { at, monotonic, loopDelayMs, steal } = sample;
    const before = this.#before;
    this.#before = sample;
    const { baseline, tail } = this.#phases;
    if (at < baseline.from || (before?.at ?? at) > tail.to) return;
    const gapMs = before ? microsToMs(monotonic - before.monotonic) - everyMs : 0;
    const held = Math.max(loopDelayMs, gapMs);
    if (held >= machineLimits.harnessHeldMs)
      this.#stall({ from: at - msToMicros(held), to: at, what: 'holdfast itself was delayed' });
    if (steal >= machineLimits.stolenInSecond)
      this.#stall({ from: before?.at ?? at - msToMicros(everyMs), to: at, what: 'the CPU time was stolen' });
    if (at > tail.to) return;
    this.stolen.judged.add(steal);
    if (at < baseline.to) this.stolen.baseline.add(steal);
    this.#seeUsers(sample);
  }

  /** Adds a stall. It extends the last stall of its kind if it begins where that ended, or if there are too many. */
  #stall(stall: Stall): void {
    const last = this.stalls.at(-1);
    const goesOn = last && last.what === stall.what && stall.from <= last.to;
    if (!last || (!goesOn && this.stalls.length < mostStalls)) this.stalls.push({ ...stall });
    else last.to = Math.max(last.to, stall.to);
  }

  #seeUsers({ busy, cpu }: ClockSample): void {
    if (!cpu) return;
    this.used.all.add(busy);
    if (cpu.holdfast !== undefined) this.used.recorder.add(cpu.holdfast);
    if (!cpu.pods) return;
    let [workload, helpers, others] = [0, 0, 0];
    for (const [uid, share] of Object.entries(cpu.pods)) {
      if (this.#workload.has(uid)) workload += share;
      else if (this.#helpers.has(uid)) helpers += share;
      else others += share;
    }
    this.used.workload.add(workload);
    this.used.helpers.add(helpers);
    this.used.otherPods.add(others);
  }
}
