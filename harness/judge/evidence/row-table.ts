import type { Request } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';

/** What is known of a row, a bit each. The first four are of the row itself, the others of what was found of it elsewhere. */
export const rowFlags = {
  there: 1,
  answered: 2,
  reused: 4,
  /** The client tried more than one connection: other pods may have had it, too. */
  retried: 8,
  /** By the pod that answered, as it wrote. */
  begun: 16,
  ended: 32,
  /** By any pod. */
  begunAnywhere: 64,
} as const;

/** Moments are kept to 0.1 ms, for 4.9 days. */
const tick: Micros = msToMicros(0.1);
const lastTick = 2 ** 32 - 1;

/** Numbers are from 0 on without a gap, so one far beyond the rows that there are is none that a generator gave. */
const farBeyond = 2 ** 17;
const ports = 2 ** 16;

/**
 * A generator's rows by their numbers, 17 bytes each, so that all of a million can be compared with what others wrote of
 * them. Rows of one source port follow each other in a chain, in the order in which they were read.
 */
export class RowTable {
  /** Where moments are counted from. */
  #epoch: Micros = 0;
  #starts = new Uint32Array(0);
  #ends = new Uint32Array(0);
  #next = new Int32Array(0);
  #ports = new Uint16Array(0);
  #pods = new Uint16Array(0);
  #flags = new Uint8Array(0);
  readonly #first = new Int32Array(ports).fill(-1);
  readonly #last = new Int32Array(ports).fill(-1);
  /** The names of pods by their numbers. */
  readonly podNames: readonly string[];
  /** Numbers below this one may have a row. */
  size = 0;
  count = 0;
  /** Rows that could not be kept: of a number or a moment that no generator gives. */
  unkept = 0;

  constructor(podNames: readonly string[]) {
    this.podNames = podNames;
  }

  /** `pod` is the number of the pod that answered; 0 where none did. */
  add(epoch: Micros, { seq, start, end, code, reused, attempts, sport }: Request, pod: number): void {
    if (this.count === 0) this.#epoch = epoch;
    const from = Math.round((start - this.#epoch) / tick);
    const to = Math.round((end - this.#epoch) / tick);
    const kept = seq >= 0 && seq < 2 * this.count + farBeyond && sport >= 0 && sport < ports;
    if (!kept || from < 0 || to > lastTick) {
      this.unkept += 1;
      return;
    }
    if (seq >= this.#flags.length) this.#grow(seq + 1);
    // A number that comes twice is a doubt of its own; the first counts.
    if (this.has(seq, rowFlags.there)) return;
    this.#starts[seq] = from;
    this.#ends[seq] = to;
    this.#ports[seq] = sport;
    this.#pods[seq] = pod;
    this.#flags[seq] =
      rowFlags.there +
      (code === 0 ? rowFlags.answered : 0) +
      (reused ? rowFlags.reused : 0) +
      (attempts > 1 ? rowFlags.retried : 0);
    this.count += 1;
    this.size = Math.max(this.size, seq + 1);
    if (!reused && sport > 0) this.#chain(seq, sport);
  }

  #chain(seq: number, sport: number): void {
    const before = this.#last[sport] ?? -1;
    if (before < 0) this.#first[sport] = seq;
    else this.#next[before] = seq;
    this.#last[sport] = seq;
  }

  #grow(least: number): void {
    const length = Math.max(least, 2 * this.#flags.length, 4096);
    const larger = <Numbers extends Uint32Array | Int32Array | Uint16Array | Uint8Array>(
      made: Numbers,
      old: Numbers,
    ) => {
      made.set(old);
      return made;
    };
    this.#starts = larger(new Uint32Array(length), this.#starts);
    this.#ends = larger(new Uint32Array(length), this.#ends);
    this.#next = larger(new Int32Array(length).fill(-1), this.#next);
    this.#ports = larger(new Uint16Array(length), this.#ports);
    this.#pods = larger(new Uint16Array(length), this.#pods);
    this.#flags = larger(new Uint8Array(length), this.#flags);
  }

  /** Whether all of these flags are set for a number; false for one that no row has. */
  has(seq: number, flags: number): boolean {
    return ((this.#flags[seq] ?? 0) & flags) === flags;
  }

  set(seq: number, flag: number): void {
    this.#flags[seq] = (this.#flags[seq] ?? 0) | flag;
  }

  start(seq: number): Micros {
    return this.#epoch + (this.#starts[seq] ?? 0) * tick;
  }

  end(seq: number): Micros {
    return this.#epoch + (this.#ends[seq] ?? 0) * tick;
  }

  sport(seq: number): number {
    return this.#ports[seq] ?? 0;
  }

  /** The number of the pod that answered, in `podNames`; 0 where none did. */
  pod(seq: number): number {
    return this.#pods[seq] ?? 0;
  }

  /** The first row that opened a connection from a port, or the next one after another; -1 where there is none. */
  openedFrom(sport: number, after = -1): number {
    return (after < 0 ? this.#first[sport] : this.#next[after]) ?? -1;
  }
}
