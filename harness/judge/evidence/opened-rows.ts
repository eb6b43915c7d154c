import { type Micros, msToMicros } from '../../model/units.ts';
import type { ConntrackEvent } from '../../recording/conntrack.ts';
import { epsilon, readLate } from './connections.ts';
import { eachRow } from './each-row.ts';
import { FirstFound, type Found } from './first-found.ts';
import { hostOf } from './host-of.ts';
import type { GeneratorLoad } from './load.ts';
import { type RowTable, rowFlags } from './row-table.ts';
import { TenthsOfTime } from './tenths.ts';

/** After a client gave up, its dial continues in the background: its last packet was seen 17.6 s later. */
const dialsOn: Micros = msToMicros(20_000);
/**
 * A packet is retransmitted after one second at the earliest (RFC 6298). It makes a new entry if the old one is gone.
 */
const sentAgain: Micros = msToMicros(900);
const second: Micros = msToMicros(1000);
/** Only this many source addresses are kept. Clients other than the generators do not matter. */
const mostSources = 16;
const mostEndpoints = 2 ** 16 - 1;

interface Span {
  readonly from: Micros;
  readonly to: Micros;
}

/** Times in which a client may still dial, or dial once more than needed, because a request failed. */
class Failures {
  readonly #from: Micros;
  readonly #seconds: Uint8Array;

  private constructor(from: Micros, to: Micros) {
    this.#from = from;
    this.#seconds = new Uint8Array(to < from ? 0 : Math.floor((to - from) / second) + 1);
  }

  static async of(table: RowTable, pause: () => Promise<void>): Promise<Failures> {
    let [from, to] = [Number.POSITIVE_INFINITY, 0];
    await eachRow(table, pause, (row) => {
      if (!table.has(row, rowFlags.there)) return;
      from = Math.min(from, table.end(row));
      to = Math.max(to, table.end(row));
    });
    const failures = new Failures(from, to);
    await eachRow(table, pause, (row) => {
      const atOnce = table.has(row, rowFlags.answered) && !table.has(row, rowFlags.retried);
      if (table.has(row, rowFlags.there) && !atOnce) failures.#seconds[failures.#secondOf(table.end(row))] = 1;
    });
    return failures;
  }

  #secondOf(at: Micros): number {
    return Math.floor((at - this.#from) / second);
  }

  /** Whether a request failed so shortly before that its client may still dial. */
  shortlyBefore(at: Micros): boolean {
    const last = this.#secondOf(at);
    return this.#seconds.subarray(Math.max(0, last - dialsOn / second), Math.max(0, last + 1)).includes(1);
  }
}

/** Assigns the connections from one source address to one generator’s rows. */
class Claims {
  readonly #gen: string;
  readonly #table: RowTable;
  readonly #destination: string | undefined;
  /** By port: the row of the latest connection, and when that connection was made. */
  readonly #rows = new Int32Array(2 ** 16).fill(-1);
  readonly #made = new Float64Array(2 ** 16);
  /** By row: the number of the endpoint that its connection went to. */
  readonly #endpoints: Uint16Array;
  /** By port: the endpoint of the latest connection that belongs to no row. */
  readonly #strays = new Uint16Array(2 ** 16);
  readonly #names: string[] = [''];
  readonly #numbers = new Map<string, number>();
  readonly tenths: TenthsOfTime;
  claimed = 0;
  readonly elsewhere = new FirstFound();
  /** Connections of answered requests that ended at once. */
  readonly refused = new FirstFound();

  constructor({ gen, table, identities }: GeneratorLoad, span: Span) {
    this.#gen = gen;
    this.#table = table;
    this.#endpoints = new Uint16Array(table.size);
    const { destination } = identities;
    this.#destination = destination === undefined ? undefined : hostOf(destination);
    this.tenths = new TenthsOfTime(span);
  }

  /** Whether a connection belongs to a row, and whether it is the row’s only one within the retransmission time. */
  see({ at, sport, dst, endpointIp }: ConntrackEvent): 'claimed' | 'once more' | 'unclaimed' {
    const row = this.#rowAt(sport, at);
    if (row < 0 || !this.#isOf(row, at)) {
      if (this.#isOfGivenUp(sport, at)) return 'claimed';
      this.#strays[sport] = this.#numberOf(endpointIp);
      return 'unclaimed';
    }
    const before = this.#made[sport] ?? 0;
    this.#made[sport] = at;
    const first = this.#endpoints[row] === 0;
    if (!first && at - before < sentAgain) return 'once more';
    this.claimed += 1;
    this.#endpoints[row] = this.#numberOf(endpointIp);
    if (first && this.#table.has(row, rowFlags.answered))
      this.tenths.see(this.#table.start(row), this.#table.end(row), at);
    if (this.#destination !== undefined && this.#destination !== dst)
      this.elsewhere.add(
        at,
        () => `${this.#gen}-${row}: sent to ${this.#destination}, but conntrack saw it go to ${dst}`,
      );
    return 'claimed';
  }

  /**
   * Sees the end of a connection. It comes at once if the endpoint does not listen. After an answer the entry stays for
   * many seconds.
   */
  seeEnd({ at, sport }: ConntrackEvent): void {
    const row = this.#rows[sport] ?? -1;
    if (row < 0 || this.#endpoints[row] === 0 || !this.#table.has(row, rowFlags.answered)) return;
    const [start, end] = [this.#table.start(row), this.#table.end(row)];
    // A request with lost packets may have left an unanswered entry before it got a second one.
    if (end - start >= sentAgain || at > end + readLate) return;
    this.refused.add(at, () => `${this.#gen}-${row}: answered, but conntrack saw its connection refused`);
  }

  /** The latest row that had opened a connection from this port by then; -1 if there is none. */
  #rowAt(sport: number, at: Micros): number {
    let row = this.#rows[sport] ?? -1;
    let next = this.#table.openedFrom(sport, row);
    while (next >= 0 && this.#table.start(next) - epsilon <= at) {
      row = next;
      this.#made[sport] = 0;
      next = this.#table.openedFrom(sport, row);
    }
    this.#rows[sport] = row;
    return row;
  }

  #isOf(row: number, at: Micros): boolean {
    const late = at - this.#table.end(row);
    return late <= readLate || (!this.#table.has(row, rowFlags.answered) && late <= dialsOn);
  }

  #isOfGivenUp(sport: number, at: Micros): boolean {
    return this.#table.givenUpFrom(sport).some(({ start, end }) => at >= start - epsilon && at <= end + dialsOn);
  }

  #numberOf(endpoint: string): number {
    const known = this.#numbers.get(endpoint);
    if (known !== undefined) return known;
    if (this.#names.length > mostEndpoints) return 0;
    this.#numbers.set(endpoint, this.#names.length);
    return this.#names.push(endpoint) - 1;
  }

  /** The number of the endpoint that a row’s own connection went to; 0 if conntrack saw none. */
  endpointOf(row: number): number {
    return this.#endpoints[row] ?? 0;
  }

  /** The number of the endpoint that a connection without a row went to. */
  strayFrom(sport: number): number {
    return this.#strays[sport] ?? 0;
  }

  /** The address of an endpoint. */
  nameOf(endpoint: number): string {
    return this.#names[endpoint] ?? '';
  }
}

/** One source address. Generators with host networking share the address of their node. */
class Source {
  readonly claims: readonly Claims[];
  /** Connections that no row opened, or that one row opened in addition. */
  readonly unclaimed = new FirstFound();
  readonly #failures: readonly Failures[];

  constructor(claims: readonly Claims[], failures: readonly Failures[]) {
    this.claims = claims;
    this.#failures = failures;
  }

  seeEnd(event: ConntrackEvent): void {
    for (const each of this.claims) each.seeEnd(event);
  }

  see(event: ConntrackEvent): void {
    const { at, src, sport } = event;
    const seen = this.claims.map((each) => each.see(event));
    if (seen.includes('claimed')) return;
    if (seen.includes('once more'))
      this.unclaimed.add(at, () => `a request had several connections from ${src}:${sport}`);
    else if (!this.#failures.some((each) => each.shortlyBefore(at)))
      this.unclaimed.add(at, () => `a connection from ${src}:${sport} that no request opened`);
  }
}

/** The comparison of a generator’s connections with its rows. */
export interface Opened {
  /** Rows that were answered on a new connection. */
  readonly expected: number;
  /** Those whose connection conntrack did not see. */
  readonly unseen: Found | undefined;
  readonly elsewhere: Found | undefined;
  readonly refused: Found | undefined;
  /** Requests on a connection that no request opened. */
  readonly unopened: Found | undefined;
  /** Answers by another pod than the one that the connection went to. */
  readonly misled: Found | undefined;
}

/** What the comparison uses besides rows and connections. */
interface Known {
  /** Whether a pod ever had an address. */
  readonly hadAddress: (pod: string, ip: string) => boolean;
  /** The time of the last event before each report of conntrack that it lost events. */
  readonly overruns: readonly Micros[];
  readonly pause: () => Promise<void>;
}

/** Compares all new connections of conntrack with all rows that opened one, by source port and time. */
export class OpenedRows {
  readonly #generators: readonly GeneratorLoad[];
  readonly #failures: readonly Failures[];
  readonly #span: Span;
  readonly #sources = new Map<string, Source>();
  readonly #compared = new Map<string, Opened>();
  #first: Micros | undefined;

  private constructor(generators: readonly GeneratorLoad[], span: Span, failures: readonly Failures[]) {
    this.#generators = generators;
    this.#span = span;
    this.#failures = failures;
  }

  /** The generators’ rows must all have been read. */
  static async of(generators: readonly GeneratorLoad[], span: Span, pause: () => Promise<void>): Promise<OpenedRows> {
    const failures: Failures[] = [];
    for (const { table } of generators) failures.push(await Failures.of(table, pause));
    return new OpenedRows(generators, span, failures);
  }

  see(event: ConntrackEvent): void {
    this.#first ??= event.at;
    const source = this.#sourceOf(event.src);
    if (event.event === 'new') source?.see(event);
    else source?.seeEnd(event);
  }

  #sourceOf(src: string): Source | undefined {
    const known = this.#sources.get(src);
    if (known || this.#sources.size >= mostSources) return known;
    const claims = this.#generators.map((load) => new Claims(load, this.#span));
    const made = new Source(claims, this.#failures);
    this.#sources.set(src, made);
    return made;
  }

  /** Compares all connections with all rows. Call it once, after all connections have been seen. */
  async compare(known: Known): Promise<void> {
    if (this.#first === undefined) return;
    for (const load of this.#generators) {
      const claims = this.#claimsFor(load.gen);
      if (claims) this.#compared.set(load.gen, await compared(load, claims, this.#first, known));
    }
  }

  /** The result of the comparison; undefined if conntrack saw no connection of the generator. */
  of(gen: string): Opened | undefined {
    return this.#compared.get(gen);
  }

  /** Connections from the generators’ addresses that belong to no request. */
  get unclaimed(): readonly Found[] {
    const own = this.#generators.map(({ gen }) => this.#sourceFor(gen));
    return [...new Set(own)].flatMap((source) => source?.unclaimed.found() ?? []);
  }

  /** Whether conntrack saw a connection of the generator from this port that no request opened. */
  isStray(gen: string, sport: number): boolean {
    return (this.#claimsFor(gen)?.strayFrom(sport) ?? 0) > 0;
  }

  /** How conntrack’s stamps lie relative to a generator’s requests. */
  tenthsOf(gen: string): TenthsOfTime | undefined {
    return this.#claimsFor(gen)?.tenths;
  }

  #claimsFor(gen: string): Claims | undefined {
    return this.#sourceFor(gen)?.claims[this.#indexOf(gen)];
  }

  /** The address that most of the generator’s connections came from. */
  #sourceFor(gen: string): Source | undefined {
    const index = this.#indexOf(gen);
    const claimed = (source: Source) => source.claims[index]?.claimed ?? 0;
    const [most] = [...this.#sources.values()].sort((one, other) => claimed(other) - claimed(one));
    return most && claimed(most) > 0 ? most : undefined;
  }

  #indexOf(gen: string): number {
    return this.#generators.findIndex((load) => load.gen === gen);
  }
}

async function compared(
  { gen, table }: GeneratorLoad,
  claims: Claims,
  first: Micros,
  { hadAddress, overruns, pause }: Known,
): Promise<Opened> {
  const [unseen, unopened, misled] = [new FirstFound(), new FirstFound(), new FirstFound()];
  const opener = new Int32Array(2 ** 16).fill(-1);
  const fits = new Map<number, boolean>();
  const leadsTo = (pod: number, endpoint: number): boolean => {
    const pair = pod * (mostEndpoints + 1) + endpoint;
    const known = fits.get(pair) ?? hadAddress(table.podNames[pod] ?? '', claims.nameOf(endpoint));
    fits.set(pair, known);
    return known;
  };
  // The retransmitted packet of a request that was not answered makes a new entry, which may lead to another endpoint.
  const mayHaveMoved = (own: number, row: number): boolean =>
    own >= 0 &&
    !table.has(own, rowFlags.answered) &&
    overruns.some((at) => at >= table.start(own) && at <= table.end(row));
  let expected = 0;
  // Rows are numbered in the order in which they were sent.
  await eachRow(table, pause, (row) => {
    const flags = table.flags(row);
    if (flags === 0) return;
    const sport = table.sport(row);
    const reused = (flags & rowFlags.reused) !== 0;
    if (!reused && sport > 0) opener[sport] = row;
    const answered = (flags & rowFlags.answered) !== 0;
    const own = opener[sport] ?? -1;
    const endpoint = (own < 0 ? 0 : claims.endpointOf(own)) || claims.strayFrom(sport);
    if (reused && own < 0 && endpoint === 0)
      unopened.add(table.start(row), () => `${gen}-${row}: on a connection that no request opened`);
    if (answered && !reused && table.start(row) >= first) {
      expected += 1;
      if (claims.endpointOf(row) === 0)
        unseen.add(table.start(row), () => `${gen}-${row}: answered, but conntrack saw no connection of it`);
    }
    const pod = table.pod(row);
    if (pod === 0 || endpoint === 0 || leadsTo(pod, endpoint) || mayHaveMoved(own, row)) return;
    misled.add(
      table.start(row),
      () => `${gen}-${row}: answered by ${table.podNames[pod]}, but its connection led to ${claims.nameOf(endpoint)}`,
    );
  });
  return {
    expected,
    unseen: unseen.found(),
    elsewhere: claims.elsewhere.found(),
    refused: claims.refused.found(),
    unopened: unopened.found(),
    misled: misled.found(),
  };
}
