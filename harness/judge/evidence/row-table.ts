import type { Request } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';

/** One bit per fact about a row. The first four come from the row itself, the others from other recordings. */
export const rowFlags = {
  there: 1,
  answered: 2,
  reused: 4,
  /** The client tried more than one connection, so other pods may have got the request too. */
  retried: 8,
  /** By the pod that answered, as it wrote. */
  begun: 16,
  ended: 32,
  /** By any pod. */
  begunAnywhere: 64,
} as const;

/** Times are kept to 0.1 ms, for 4.9 days. */
const tick: Micros = msToMicros(0.1);
const lastTick = 2 ** 32 - 1;

/** Numbers count from 0 without gaps. A number that is larger than the rows allow is not a generator’s. */
const farBeyond = 2 ** 17;
const ports = 2 ** 16;
const pageBits = 15;
const inPage = 2 ** pageBits - 1;

/** A connection of an attempt that the client gave up. */
interface GivenUp {
  readonly start: Micros;
  readonly end: Micros;
}

/** More are not kept, because each uses memory. No real client gives up so many. */
const mostGivenUp = 100_000;

/** A page of consecutive rows. Growing by pages avoids copies. */
class Page {
  readonly starts = new Uint32Array(inPage + 1);
  readonly ends = new Uint32Array(inPage + 1);
  /** The next row with the same source port; 0 if there is none. The first row never follows another. */
  readonly next = new Uint32Array(inPage + 1);
  readonly ports = new Uint16Array(inPage + 1);
  readonly pods = new Uint16Array(inPage + 1);
  readonly flags = new Uint8Array(inPage + 1);
}

/**
 * A generator’s rows by their numbers, in 17 bytes each, so that a million rows can be compared with other recordings.
 * Rows that opened a connection from the same source port form a chain, in the order in which they were read.
 */
export class RowTable {
  /** The time that the table counts from. */
  #epoch: Micros = 0;
  readonly #pages: (Page | undefined)[] = [];
  readonly #first = new Int32Array(ports).fill(-1);
  readonly #last = new Int32Array(ports).fill(-1);
  /** Pod names by pod number. */
  readonly podNames: readonly string[];
  readonly #givenUp = new Map<number, GivenUp[]>();
  #givenUpCount = 0;
  /** All numbers with a row are below this one. */
  size = 0;
  count = 0;
  /** Rows that were not kept because of an impossible number or time. */
  unkept = 0;

  constructor(podNames: readonly string[]) {
    this.podNames = podNames;
  }

  /** `pod` is the number of the pod that answered; 0 if none did. */
  add(epoch: Micros, { seq, start, end, code, reused, attempt, sport }: Request, pod: number): void {
    if (this.count === 0) this.#epoch = epoch;
    const from = Math.round((start - this.#epoch) / tick);
    const to = Math.round((end - this.#epoch) / tick);
    const kept = seq >= 0 && seq < 2 * this.count + farBeyond && sport >= 0 && sport < ports;
    if (!kept || from < 0 || to > lastTick) {
      this.unkept += 1;
      return;
    }
    // A repeated number is found elsewhere; the first row counts.
    if (this.has(seq, rowFlags.there)) return;
    const page = this.#pageFor(seq);
    const row = seq & inPage;
    page.starts[row] = from;
    page.ends[row] = to;
    page.ports[row] = sport;
    page.pods[row] = pod;
    page.flags[row] =
      rowFlags.there +
      (code === 0 ? rowFlags.answered : 0) +
      (reused ? rowFlags.reused : 0) +
      (attempt > 1 ? rowFlags.retried : 0);
    this.count += 1;
    this.size = Math.max(this.size, seq + 1);
    if (!reused && sport > 0) this.#chain(seq, sport);
  }

  /** Adds an attempt that was given up. Its request has another row. */
  addGivenUp({ reused, sport, start, end }: Request): void {
    if (reused || sport === 0 || this.#givenUpCount >= mostGivenUp) return;
    this.#givenUpCount += 1;
    const own = this.#givenUp.get(sport) ?? [];
    this.#givenUp.set(sport, own);
    own.push({ start, end });
  }

  /** The connections from a port that belong to attempts which the client gave up. */
  givenUpFrom(sport: number): readonly GivenUp[] {
    return this.#givenUp.get(sport) ?? [];
  }

  #pageFor(seq: number): Page {
    const known = this.#pages[seq >>> pageBits];
    if (known) return known;
    const page = new Page();
    this.#pages[seq >>> pageBits] = page;
    return page;
  }

  #chain(seq: number, sport: number): void {
    const before = this.#last[sport] ?? -1;
    if (before < 0) this.#first[sport] = seq;
    else this.#pageFor(before).next[before & inPage] = seq;
    this.#last[sport] = seq;
  }

  #pageOf(seq: number): Page | undefined {
    return this.#pages[seq >>> pageBits];
  }

  /** All flags of a row; 0 if there is no such row. */
  flags(seq: number): number {
    if (!(seq >= 0 && seq < this.size) || !Number.isInteger(seq)) return 0;
    return this.#pageOf(seq)?.flags[seq & inPage] ?? 0;
  }

  /** Whether a row has all of these flags. */
  has(seq: number, flags: number): boolean {
    return (this.flags(seq) & flags) === flags;
  }

  /** Sets flags of an existing row. */
  set(seq: number, flag: number): void {
    const page = this.#pageFor(seq);
    page.flags[seq & inPage] = (page.flags[seq & inPage] ?? 0) | flag;
  }

  start(seq: number): Micros {
    return this.#epoch + (this.#pageOf(seq)?.starts[seq & inPage] ?? 0) * tick;
  }

  end(seq: number): Micros {
    return this.#epoch + (this.#pageOf(seq)?.ends[seq & inPage] ?? 0) * tick;
  }

  sport(seq: number): number {
    return this.#pageOf(seq)?.ports[seq & inPage] ?? 0;
  }

  /** The number of the pod that answered, in `podNames`; 0 if none did. */
  pod(seq: number): number {
    return this.#pageOf(seq)?.pods[seq & inPage] ?? 0;
  }

  /** The first row that opened a connection from a port, or the next one after `after`; -1 if there is none. */
  openedFrom(sport: number, after = -1): number {
    if (after < 0) return this.#first[sport] ?? -1;
    return this.#pageOf(after)?.next[after & inPage] || -1;
  }
}
