import type { Request } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import type { ConntrackEvent } from '../../recording/conntrack.ts';
import { NumberSet } from './number-set.ts';
import { PortEvents } from './port-events.ts';

/** How far the times of the same event in two recordings may differ. */
export const epsilon: Micros = msToMicros(50);

/** Conntrack stamps an event when it reads it: up to 130 ms late on a busy machine. */
export const readLate: Micros = msToMicros(1000);

/** Linux retransmits a SYN after one second (RFC 6298); the clocks differ slightly. */
export const sentAgain: Micros = msToMicros(900);

/** At most one connection in 500 was missing in practice. */
const lossyShare = 0.01;

/** Conntrack is about equally late at times that are this close together. */
const around = msToMicros(2000);

/** Of addresses beyond so many, ends are not compared with beginnings: a recording may name any number of clients. */
const mostSources = 1024;
const ports = 2 ** 16;

interface Routed {
  first: Micros;
  last: Micros;
}

/** The most that an event was stamped late. */
interface Read {
  readonly at: Micros;
  readonly late: Micros;
}

/**
 * The connections that conntrack saw on the generator’s node. Only those of the wanted source ports are kept in full.
 */
export class Connections {
  readonly #wanted: ReadonlySet<number>;
  readonly #byPort = new PortEvents();
  /** The first and the last new connection to each endpoint address. */
  readonly routed = new Map<string, Routed>();
  readonly #sources = new Map<string, string>();
  /**
   * By source address: the ports with an entry. A Set to which every connection is added and which it leaves again builds
   * one hash table after another, and V8 keeps a chain of them until the old generation is collected.
   */
  readonly #standing = new Map<string, NumberSet>();
  /** Delays of connections that were answered at once, in the order of their requests. */
  readonly #reads: Read[] = [];
  #ends = 0;
  /** Ends of connections without a NEW event: that event was lost. */
  #unbegun = 0;
  first: Micros | undefined;
  /** Whether a connection of an answered request is missing. Then a missing connection may still have existed. */
  incomplete = false;
  /** Whether so many are missing that a missing connection proves nothing. */
  lossy = false;
  /** How often conntrack reported that it lost events. Then a missing connection proves nothing. */
  overruns = 0;

  constructor(wanted: ReadonlySet<number>) {
    this.#wanted = wanted;
  }

  see(event: ConntrackEvent): void {
    this.first ??= event.at;
    if (event.event === 'new') {
      const routed = this.routed.get(event.endpointIp);
      if (!routed) this.routed.set(event.endpointIp, { first: event.at, last: event.at });
      else routed.last = Math.max(routed.last, event.at);
    }
    this.#seeStanding(event);
    if (this.#wanted.has(event.sport)) this.#byPort.add(event);
  }

  #seeStanding({ event, src, sport }: ConntrackEvent): void {
    const own = this.#standingOf(src);
    if (!own || sport >= ports) return;
    if (event === 'new') own.add(sport);
    else {
      this.#ends += 1;
      if (!own.delete(sport)) this.#unbegun += 1;
    }
  }

  #standingOf(src: string): NumberSet | undefined {
    const known = this.#standing.get(src);
    if (known || this.#standing.size >= mostSources) return known;
    const made = new NumberSet();
    this.#standing.set(src, made);
    return made;
  }

  /** Learns each generator’s address from answered requests, because two generators may use the same port. */
  learnSources(samples: readonly Request[]): void {
    const votes = new Map<string, Map<string, number>>();
    for (const request of samples) {
      for (const { at, src } of this.#newDuring(request)) {
        this.#seeRead(request, at);
        const own = votes.get(request.gen) ?? new Map<string, number>();
        votes.set(request.gen, own.set(src, (own.get(src) ?? 0) + 1));
      }
    }
    for (const [gen, own] of votes) {
      const [most] = [...own].sort(([, one], [, other]) => other - one);
      if (most) this.#sources.set(gen, most[0]);
    }
    const missing = samples.filter((request) => this.#isMissing(request)).length;
    this.incomplete = this.overruns > 0 || missing > 0 || this.#unbegun > 0;
    this.lossy = missing > samples.length * lossyShare || this.#unbegun > Math.max(1, this.#ends * lossyShare);
  }

  /** A connection that was opened and answered this fast needed no retransmission. */
  #seeRead({ start, end, reused }: Request, at: Micros): void {
    if (!reused && end - start < sentAgain) this.#reads.push({ at, late: Math.max(0, at - start) });
  }

  /** How late conntrack read its events around a stamp, in microseconds: the worst known value of that time. */
  lateAround(stamped: Micros): Micros {
    const near = this.#reads.filter(({ at }) => Math.abs(at - stamped) <= around);
    const known = near.length > 0 ? near : this.#reads;
    return known.length > 0 ? Math.max(...known.map(({ late }) => late)) : readLate;
  }

  #isMissing(request: Request): boolean {
    return this.first !== undefined && request.start >= this.first && this.#newDuring(request).length === 0;
  }

  #newDuring({ sport, start, end }: Request): ConntrackEvent[] {
    // For a request that waited, a retransmitted packet makes another entry 3 s after the start. That one is too late.
    const tolerance = end - start < sentAgain ? epsilon : 0;
    const [from, to] = [start - epsilon, end + readLate + tolerance];
    return this.#byPort.all(sport, (at, { event }) => event === 'new' && at >= from && at <= to);
  }

  /** Whether an address may be a generator’s. */
  #isFrom(gen: string): (event: Pick<ConntrackEvent, 'src'>) => boolean {
    const source = this.#sources.get(gen);
    const others = new Set([...this.#sources].filter(([other]) => other !== gen).map(([, src]) => src));
    return ({ src }) => (source === undefined ? !others.has(src) : src === source);
  }

  /** The connection that was opened for this request; undefined if conntrack saw none, or several different ones. */
  openedFor(request: Request): ConntrackEvent | undefined {
    const own = this.#newDuring(request).filter(this.#isFrom(request.gen));
    // A packet without a chosen endpoint may leave an entry too, before a retransmitted one gets an entry with an
    // endpoint.
    const chosen = own.filter(({ dst, endpointIp }) => endpointIp !== dst);
    const found = chosen.length > 0 ? chosen : own;
    return new Set(found.map(({ endpointIp }) => endpointIp)).size === 1 ? found.at(-1) : undefined;
  }

  /**
   * The end of a connection whose NEW event was lost: no entry existed for the request’s source port, and the next
   * event of that port is an end. It belongs to this request only if no other request opened a connection from that
   * port.
   */
  endedUnseen(request: Request): ConntrackEvent | undefined {
    const own = this.#isFrom(request.gen);
    const [next] = this.#byPort.all(request.sport, (at, tuple) => at >= request.start && own(tuple));
    const stood = this.standingBefore(request) !== undefined;
    return next?.event === 'destroy' && !stood ? next : undefined;
  }

  /** The latest entry of the source port from before the request, if it still existed when the request began. */
  standingBefore({ sport, start, gen }: Request): ConntrackEvent | undefined {
    const own = this.#isFrom(gen);
    const last = this.#byPort.last(sport, (at, tuple) => at < start && own(tuple));
    return last?.event === 'new' ? last : undefined;
  }
}
