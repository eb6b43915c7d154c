import type { WorkloadEvent } from '../../model/event.ts';
import type { Micros } from '../../model/units.ts';
import { NumberSet } from './number-set.ts';

/** What pods wrote of one request. */
export interface ServerEntry {
  readonly pod: string;
  readonly start: Micros;
  readonly end?: Micros;
}

/** A pod's requests, summed up: how many have begun and never ended, and when the last one that ended did. */
interface Served {
  open: number;
  lastEnd: Micros | undefined;
}

/** The pods' lines of the requests that are asked for; those of others are let go. */
export class ServerLog {
  readonly #wanted: ReadonlySet<string>;
  readonly #entries = new Map<string, ServerEntry>();
  readonly #begun = new Map<string, { readonly seqs: NumberSet; twice: number }>();
  readonly #last = new Map<string, Micros>();
  readonly #served = new Map<string, Served>();

  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
  }

  see({ id, type, pod, at }: WorkloadEvent): void {
    if (type === 'start' && id !== undefined) this.#begin(id);
    this.#last.set(pod, Math.max(at, this.lastOf(pod)));
    const served = this.#served.get(pod) ?? { open: 0, lastEnd: undefined };
    this.#served.set(pod, served);
    if (type === 'start') served.open += 1;
    if (type === 'end') {
      served.open -= 1;
      served.lastEnd = Math.max(served.lastEnd ?? at, at);
    }
    if (id === undefined || !this.#wanted.has(id)) return;
    const known = this.#entries.get(id);
    // After a hidden retry the last pod counts: it is the one whose answer is missing.
    if (type === 'start') this.#entries.set(id, { pod, start: at });
    else if (type === 'end' && known?.pod === pod) this.#entries.set(id, { ...known, end: at });
  }

  #begin(id: string): void {
    const dash = id.lastIndexOf('-');
    const gen = id.slice(0, dash);
    const begun = this.#begun.get(gen) ?? { seqs: new NumberSet(), twice: 0 };
    this.#begun.set(gen, begun);
    if (!begun.seqs.add(Number(id.slice(dash + 1)))) begun.twice += 1;
  }

  /** How many requests of a generator servers began again, after they had begun them already. */
  begunTwice(gen: string): number {
    return this.#begun.get(gen)?.twice ?? 0;
  }

  /** When a pod last wrote of any request; 0 where it never did. */
  lastOf(pod: string): Micros {
    return this.#last.get(pod) ?? 0;
  }

  /** All of a pod's requests. */
  served(pod: string): Readonly<Served> {
    return this.#served.get(pod) ?? { open: 0, lastEnd: undefined };
  }

  of(id: string): ServerEntry | undefined {
    return this.#entries.get(id);
  }
}
