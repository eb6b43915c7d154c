import type { Request, RequestsHeader } from '../../model/request.ts';
import { FirstFound, type Found } from './first-found.ts';

/**
 * Connection ids count from 1, with gaps for unneeded dials. A number that is larger than the rows allow is not a
 * generator’s.
 */
const farBeyond = 2 ** 17;
const pageBits = 15;
const inPage = 2 ** pageBits - 1;
const mostDestinations = 2 ** 16 - 1;
const mostUnopened = 10_000;

/** A page of consecutive connections. Growing by pages avoids copies. */
class Page {
  readonly ports = new Uint16Array(inPage + 1);
  /** Destination numbers from 1; 0 if no row has the connection. */
  readonly destinations = new Uint16Array(inPage + 1);
  /** 1 if a row opened the connection. */
  readonly opened = new Uint8Array(inPage + 1);
}

/** A request that reused a connection which no earlier row had. */
interface Unopened {
  readonly id: string;
  readonly at: number;
  readonly sport: number;
}

/** Compares the rows of one generator that have the same connection id. Each connection takes 5 bytes. */
export class RowConnections {
  readonly #pages: (Page | undefined)[] = [];
  readonly #destinations = new Map<string, number>();
  readonly #names: string[] = [''];
  /** Consecutive rows almost always have the same destination. */
  #latest = { dst: '', number: 0 };
  readonly #amiss = new FirstFound();
  readonly #unopened: Unopened[] = [];
  #recorded: boolean | undefined;
  #seen = 0;

  /** Sees a row. Rows must come in the order of their end. If the file has no connection ids, it does nothing. */
  see(row: Request, header: RequestsHeader | undefined): void {
    this.#recorded ??= header?.fields.includes('connection') ?? false;
    if (!this.#recorded) return;
    const { id, connection, sport, start, code } = row;
    this.#seen += 1;
    if (connection === 0 && sport === 0 && code !== 0) return;
    if (!(connection > 0) || sport === 0) {
      this.#amiss.add(start, () => `${id}: connection ${connection} from port ${sport}`);
      return;
    }
    if (connection < 2 * this.#seen + farBeyond) this.#seeNamed(row);
    else this.#amiss.add(start, () => `${id}: connection ${connection}, which is too large (rows: ${this.#seen})`);
  }

  #seeNamed({ id, connection, sport, dst, start, reused }: Request): void {
    const page = this.#pageFor(connection);
    const place = connection & inPage;
    const destination = this.#destinationOf(dst);
    const known = page.destinations[place] ?? 0;
    if (known === 0) {
      page.ports[place] = sport;
      page.destinations[place] = destination;
      if (reused && this.#unopened.length < mostUnopened) this.#unopened.push({ id, at: start, sport });
    } else if (page.ports[place] !== sport || known !== destination) {
      const before = `port ${page.ports[place]} to ${this.#names[known]}`;
      this.#amiss.add(
        start,
        () => `${id}: connection ${connection} from port ${sport} to ${dst}, before from ${before}`,
      );
    } else if (!reused && page.opened[place] === 1)
      this.#amiss.add(start, () => `${id}: connection ${connection} was opened twice`);
    if (!reused) page.opened[place] = 1;
  }

  #pageFor(connection: number): Page {
    const number = connection >>> pageBits;
    const known = this.#pages[number];
    if (known) return known;
    const page = new Page();
    this.#pages[number] = page;
    return page;
  }

  #destinationOf(dst: string): number {
    if (this.#latest.number > 0 && this.#latest.dst === dst) return this.#latest.number;
    let number = this.#destinations.get(dst);
    if (number === undefined) {
      if (this.#names.length > mostDestinations) return mostDestinations;
      number = this.#names.push(dst) - 1;
      this.#destinations.set(dst, number);
    }
    this.#latest = { dst, number };
    return number;
  }

  /** Rows that contradict another row of their connection. */
  get amiss(): Found | undefined {
    return this.#amiss.found();
  }

  /**
   * Requests that reused a connection which no row had opened. A client may dial once more than needed, so a request is
   * left out if `isKnown` returns that conntrack saw such a connection from the port.
   */
  unopened(isKnown: (sport: number) => boolean): Found | undefined {
    const found = new FirstFound();
    for (const { id, at, sport } of this.#unopened)
      if (!isKnown(sport)) found.add(at, () => `${id}: reused a connection that no row had opened`);
    return found.found();
  }
}
