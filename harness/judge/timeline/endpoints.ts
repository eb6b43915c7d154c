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

/** One Service's slices, merged. */
class Slices {
  readonly sets: EndpointSet[] = [];
  readonly #slices = new Map<string, readonly EndpointState[]>();

  see(at: Micros, slice: string, state: SliceState | undefined): void {
    if (state) this.#slices.set(slice, state.endpoints);
    else this.#slices.delete(slice);
    const all = [...this.#slices.values()].flat();
    // A Service of two address families has each pod in two slices.
    const pods = (wanted: (endpoint: EndpointState) => boolean) => [
      ...new Set(all.filter(wanted).map(({ pod }) => pod)),
    ];
    this.sets.push({
      at,
      ready: pods(({ ready }) => ready),
      serving: pods(({ ready, serving, terminating }) => !ready && serving && terminating),
      terminating: pods(({ terminating }) => terminating).length,
    });
  }
}

/**
 * The endpoints over time of the Service under test: the one that bears the name of a Deployment that is watched, or else
 * the first that was seen. Each is counted by its pod.
 */
export class EndpointHistory {
  readonly #services = new Map<string, Slices>();
  readonly #serviceOf = new Map<string, string>();
  readonly #deployments = new Set<string>();

  see(at: Micros, slice: string, state: SliceState | undefined): void {
    const service = state?.service ?? this.#serviceOf.get(slice);
    if (service === undefined) return;
    this.#serviceOf.set(slice, service);
    const slices = this.#services.get(service) ?? new Slices();
    this.#services.set(service, slices);
    slices.see(at, slice, state);
  }

  seeDeployment(name: string): void {
    this.#deployments.add(name);
  }

  get sets(): readonly EndpointSet[] {
    const [first] = this.#services.values();
    const named = [...this.#services].find(([service]) => this.#deployments.has(service))?.[1];
    return (named ?? first)?.sets ?? [];
  }

  /** All sets that held at some instant of a window, the first of them from before it. */
  during(from: Micros, to: Micros): readonly EndpointSet[] {
    const { sets } = this;
    const first = sets.findLastIndex(({ at }) => at <= from);
    return sets.slice(Math.max(first, 0)).filter(({ at }) => at <= to);
  }
}
