import type { EndpointState, SliceState } from '../../model/event.ts';
import type { Micros } from '../../model/units.ts';

/** The endpoints of the Service from one moment to the next change. */
export interface EndpointSet {
  readonly at: Micros;
  readonly ready: readonly string[];
  /** Terminating, but still answering: kube-proxy uses them when none is ready (KEP-1669). */
  readonly serving: readonly string[];
  readonly terminating: number;
}

/** The pods that a rule made from this set sends connections to. */
export const usable = (set: EndpointSet): readonly string[] => (set.ready.length > 0 ? set.ready : set.serving);

/** A rule made from it sends connections nowhere. */
export const isEmpty = (set: EndpointSet): boolean => usable(set).length === 0;

/** The Service's endpoints over time, merged over its EndpointSlices. */
export class EndpointHistory {
  readonly sets: EndpointSet[] = [];
  readonly #slices = new Map<string, readonly EndpointState[]>();

  see(at: Micros, slice: string, state: SliceState | undefined): void {
    if (state) this.#slices.set(slice, state.endpoints);
    else this.#slices.delete(slice);
    const all = [...this.#slices.values()].flat();
    const names = (wanted: (endpoint: EndpointState) => boolean) => all.filter(wanted).map(({ pod }) => pod);
    this.sets.push({
      at,
      ready: names(({ ready }) => ready),
      serving: names(({ ready, serving, terminating }) => !ready && serving && terminating),
      terminating: all.filter(({ terminating }) => terminating).length,
    });
  }

  /** All sets that held at some instant of a window, the first of them from before it. */
  during(from: Micros, to: Micros): readonly EndpointSet[] {
    const first = this.sets.findLastIndex(({ at }) => at <= from);
    return this.sets.slice(Math.max(first, 0)).filter(({ at }) => at <= to);
  }
}
