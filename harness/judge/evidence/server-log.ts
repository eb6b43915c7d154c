import type { WorkloadEvent } from '../../model/event.ts';
import type { Request } from '../../model/request.ts';
import type { Micros } from '../../model/units.ts';
import { StringPool } from './string-pool.ts';

/**
 * The share of answered requests that may be missing in a log. A killed process may not have logged its last answers.
 */
const lostShare = 0.02;

/** What pods logged about one request. */
export interface ServerEntry {
  readonly pod: string;
  readonly start: Micros;
  readonly end?: Micros | undefined;
}

/** A summary of a pod’s requests: how many began and never ended, and when the last one ended. */
interface Served {
  open: number;
  lastEnd: Micros | undefined;
}

/** The lines of the pods’ logs about the wanted requests. Other lines are not kept. */
export class ServerLog {
  /** By the ids that are asked for; undefined until a pod writes of one. There may be many: each has one small entry. */
  readonly #entries = new Map<
    string,
    { readonly pod: string; readonly start: Micros; end: Micros | undefined } | undefined
  >();
  readonly #names = new StringPool();
  readonly #known = new Map<string, { readonly asked: number; readonly missing: number }>();
  readonly #served = new Map<string, Served>();
  readonly #ofOtherClocks = new Set<string>();

  constructor(wanted: Iterable<string>) {
    for (const id of wanted) this.#entries.set(id, undefined);
  }

  see({ id, type, pod, at }: WorkloadEvent): void {
    const served = this.#servedBy(pod);
    if (type === 'start') served.open += 1;
    if (type === 'end') {
      served.open -= 1;
      served.lastEnd = Math.max(served.lastEnd ?? at, at);
    }
    if (id === undefined || !this.#entries.has(id)) return;
    const known = this.#entries.get(id);
    // After a hidden retry the last pod counts, because its answer is the missing one.
    if (type === 'start') this.#entries.set(id, { pod: this.#names.intern(pod), start: at, end: undefined });
    else if (type === 'end' && known?.pod === pod) known.end = at;
  }

  #servedBy(pod: string): Served {
    const known = this.#served.get(pod);
    if (known) return known;
    const served = { open: 0, lastEnd: undefined };
    this.#served.set(pod, served);
    return served;
  }

  /** Learns from answered requests whether a pod’s log is complete. */
  learnWhole(samples: readonly Request[]): void {
    for (const { id, pod } of samples) {
      const entry = this.#entries.get(id);
      const logged = entry?.pod === pod && entry.end !== undefined;
      const { asked, missing } = this.#known.get(pod) ?? { asked: 0, missing: 0 };
      this.#known.set(pod, { asked: asked + 1, missing: missing + (logged ? 0 : 1) });
    }
  }

  /** Ignores the times of a pod’s log, because its clock differs. */
  distrust(pod: string): void {
    this.#ofOtherClocks.add(pod);
  }

  /** Whether lines of a pod’s log are known to be missing, or its times cannot be used. */
  hasHoles(pod: string): boolean {
    if (this.#ofOtherClocks.has(pod)) return true;
    const { asked, missing } = this.#known.get(pod) ?? { asked: 0, missing: 0 };
    return missing > Math.max(1, asked * lostShare);
  }

  get anyHasHoles(): boolean {
    return this.#ofOtherClocks.size > 0 || [...this.#known.keys()].some((pod) => this.hasHoles(pod));
  }

  /** Whether the pod’s log is complete: the requests that the pod is known to have answered are in it. */
  isWhole(pod: string): boolean {
    return this.#known.has(pod) && !this.hasHoles(pod);
  }

  /** The summary of a pod’s requests. */
  served(pod: string): Readonly<Served> {
    return this.#served.get(pod) ?? { open: 0, lastEnd: undefined };
  }

  of(id: string): ServerEntry | undefined {
    return this.#entries.get(id);
  }

  /** The same, unless the pod’s clock differs. */
  trusted(id: string): ServerEntry | undefined {
    const entry = this.#entries.get(id);
    return entry && this.#ofOtherClocks.has(entry.pod) ? undefined : entry;
  }
}
