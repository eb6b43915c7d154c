import type { Micros } from '../../model/units.ts';
import type { ConntrackEvent } from '../../recording/conntrack.ts';

/** The fields that many events have in common. */
type Tuple = Omit<ConntrackEvent, 'at' | 'sport'>;

/** Selects events of a port. */
type Where = (at: Micros, tuple: Tuple) => boolean;

interface PortLog {
  readonly moments: Micros[];
  /** Numbers of tuples. */
  readonly tuples: number[];
}

/**
 * Conntrack events by source port, in the order in which they were written. Ports are reused often and the events of a
 * port differ in little but their time, so each event takes 16 bytes and those of a million requests fit in memory.
 */
export class PortEvents {
  readonly #tuples: Tuple[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #logs = new Map<number, PortLog>();

  add({ at, sport, ...tuple }: ConntrackEvent): void {
    const log = this.#logs.get(sport) ?? { moments: [], tuples: [] };
    this.#logs.set(sport, log);
    log.moments.push(at);
    log.tuples.push(this.#numberOf(tuple));
  }

  #numberOf(tuple: Tuple): number {
    const key = Object.values(tuple).join(' ');
    const number = this.#numbers.get(key) ?? this.#tuples.push(tuple) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  all(sport: number, where: Where): ConntrackEvent[] {
    const moments = this.#logs.get(sport)?.moments ?? [];
    return moments.flatMap((_, line) => this.#event(sport, line, where) ?? []);
  }

  /** The latest matching event. */
  last(sport: number, where: Where): ConntrackEvent | undefined {
    for (let line = (this.#logs.get(sport)?.moments.length ?? 0) - 1; line >= 0; line--) {
      const event = this.#event(sport, line, where);
      if (event) return event;
    }
    return undefined;
  }

  #event(sport: number, line: number, where: Where): ConntrackEvent | undefined {
    const log = this.#logs.get(sport);
    const [at, tuple] = [log?.moments[line], this.#tuples[log?.tuples[line] ?? -1]];
    return at !== undefined && tuple && where(at, tuple) ? { ...tuple, at, sport } : undefined;
  }
}
