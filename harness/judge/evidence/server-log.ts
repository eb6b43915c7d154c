import type { WorkloadEvent } from '../../model/event.ts';
import type { Micros } from '../../model/units.ts';

/** What pods wrote of one request. */
export interface ServerEntry {
  readonly pod: string;
  readonly start: Micros;
  readonly end?: Micros;
}

/** The pods' lines of the requests that are asked for; those of others are let go. */
export class ServerLog {
  readonly #wanted: ReadonlySet<string>;
  readonly #entries = new Map<string, ServerEntry>();

  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
  }

  see({ id, type, pod, at }: WorkloadEvent): void {
    if (id === undefined || !this.#wanted.has(id)) return;
    const known = this.#entries.get(id);
    // After a hidden retry the last pod counts: it is the one whose answer is missing.
    if (type === 'start') this.#entries.set(id, { pod, start: at });
    else if (type === 'end' && known?.pod === pod) this.#entries.set(id, { ...known, end: at });
  }

  of(id: string): ServerEntry | undefined {
    return this.#entries.get(id);
  }
}
