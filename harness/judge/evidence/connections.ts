import type { Request } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import type { ConntrackEvent } from '../../recording/conntrack.ts';
import { NumberSet } from './number-set.ts';
import { PortEvents } from './port-events.ts';

/** How far moments of two recordings may lie apart and still be the same. */
export const epsilon: Micros = msToMicros(50);

/** Conntrack stamps an event when it reads it, which on a busy machine was seen 130 ms after it happened. */
export const readLate: Micros = msToMicros(1000);

/** Linux sends a SYN without an answer again after a second (RFC 6298); clocks are a little apart. */
export const sentAgain: Micros = msToMicros(900);

/** In real recordings at most one in 500 was missing. */
const lossyShare = 0.01;

/** Conntrack is about as late at moments that lie so close together. */
const around = msToMicros(2000);

/** Of addresses beyond so many, ends are not compared with beginnings: a recording may name any number of clients. */
const mostSources = 1024;
const ports = 2 ** 16;

interface Routed {
  first: Micros;
  last: Micros;
}

/** By how much an event was stamped late, at most. */
interface Read {
  readonly at: Micros;
  readonly late: Micros;
}

/** What conntrack saw on the generator's node. Kept in full only for the source ports that are asked for. */
export class Connections {
  readonly #wanted: ReadonlySet<number>;
  readonly #byPort = new PortEvents();
  /** By the endpoint's address: its first and last new connection. */
  readonly routed = new Map<string, Routed>();
  readonly #sources = new Map<string, string>();
  /**
   * By source address: the ports with an entry. A Set to which every connection is added and which it leaves again builds
   * one hash table after another, and V8 keeps a chain of them until the old generation is collected.
   */
  readonly #standing = new Map<string, NumberSet>();
  /** Of connections that were answered at once, in the order of their requests. */
  readonly #reads: Read[] = [];
  #ends = 0;
  /** Ends of connections that were never seen to begin: the beginning was lost. */
  #unbegun = 0;
  first: Micros | undefined;
  /** Whether any connection is missing that was answered: then one that is missing need not be none. */
  incomplete = false;
  /** Whether so many are missing that one that is missing says nothing at all. */
  lossy = false;
  /** How often conntrack said that it lost events: then one that is missing proves nothing. */
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

  /** Learns the address of each generator's pod from requests that were answered: two of them may use the same port. */
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

  /** A connection that was made and answered so soon needed no packet twice. */
  #seeRead({ start, end, reused }: Request, at: Micros): void {
    if (!reused && end - start < sentAgain) this.#reads.push({ at, late: Math.max(0, at - start) });
  }

  /** How late conntrack read its events around the time of a stamp, in microseconds: by the worst that is known of then. */
  lateAround(stamped: Micros): Micros {
    const near = this.#reads.filter(({ at }) => Math.abs(at - stamped) <= around);
    const known = near.length > 0 ? near : this.#reads;
    return known.length > 0 ? Math.max(...known.map(({ late }) => late)) : readLate;
  }

  #isMissing(request: Request): boolean {
    return this.first !== undefined && request.start >= this.first && this.#newDuring(request).length === 0;
  }

  #newDuring({ sport, start, end }: Request): ConntrackEvent[] {
    // Of one that waited, a packet that was sent again makes another entry 3 s after its start: that one is too late.
    const apart = end - start < sentAgain ? epsilon : 0;
    const [from, to] = [start - epsilon, end + readLate + apart];
    return this.#byPort.all(sport, (at, { event }) => event === 'new' && at >= from && at <= to);
  }

  /** Whether an address may be a generator's. */
  #isFrom(gen: string): (event: Pick<ConntrackEvent, 'src'>) => boolean {
    const source = this.#sources.get(gen);
    const others = new Set([...this.#sources].filter(([other]) => other !== gen).map(([, src]) => src));
    return ({ src }) => (source === undefined ? !others.has(src) : src === source);
  }

  /** The connection that was opened for this request; undefined where conntrack saw none, or several that differ. */
  openedFor(request: Request): ConntrackEvent | undefined {
    const own = this.#newDuring(request).filter(this.#isFrom(request.gen));
    // A packet for which no endpoint was chosen may leave an entry, too, before one that is sent again has a better one.
    const chosen = own.filter(({ dst, endpointIp }) => endpointIp !== dst);
    const found = chosen.length > 0 ? chosen : own;
    return new Set(found.map(({ endpointIp }) => endpointIp)).size === 1 ? found.at(-1) : undefined;
  }

  /**
   * The end of a connection whose beginning was lost: nothing stood on the request's source port, and the next that was heard
   * of that port is an end. Only where no other request opened a connection from there is it that of this one.
   */
  endedUnseen(request: Request): ConntrackEvent | undefined {
    const own = this.#isFrom(request.gen);
    const [next] = this.#byPort.all(request.sport, (at, tuple) => at >= request.start && own(tuple));
    const stood = this.standingBefore(request) !== undefined;
    return next?.event === 'destroy' && !stood ? next : undefined;
  }

  /** The latest entry of the request's source port from before it, if it still stood when the request began. */
  standingBefore({ sport, start, gen }: Request): ConntrackEvent | undefined {
    const own = this.#isFrom(gen);
    const last = this.#byPort.last(sport, (at, tuple) => at < start && own(tuple));
    return last?.event === 'new' ? last : undefined;
  }
}
