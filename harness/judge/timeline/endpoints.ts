import type { EndpointState, SliceState } from '../../model/event.ts';
import type { Micros } from '../../model/units.ts';

/** The endpoints of the Service until the next change. */
export interface EndpointSet {
  readonly at: Micros;
  readonly ready: readonly string[];
  /** Terminating endpoints that still answer. kube-proxy uses them if none is ready (KEP-1669). */
  readonly serving: readonly string[];
  readonly terminating: number;
}

/** The pods that a rule made from this set routes to. */
export const usable = (set: EndpointSet): readonly string[] => (set.ready.length > 0 ? set.ready : set.serving);

/** Whether a rule made from this set routes nowhere. */
export const isEmpty = (set: EndpointSet): boolean => usable(set).length === 0;

/** The IP address families. A slice has addresses of one family. */
export type Family = 4 | 6;

/** The family of an address without brackets; IPv4 for any other text. */
export const familyOf = (address: string): Family => (address.includes(':') ? 6 : 4);

/** One Service’s slices of one address family, merged. */
class Slices {
  readonly sets: EndpointSet[] = [];
  readonly #slices = new Map<string, readonly EndpointState[]>();

  see(at: Micros, slice: string, state: SliceState | undefined): void {
    if (state) this.#slices.set(slice, state.endpoints);
    else this.#slices.delete(slice);
    const all = [...this.#slices.values()].flat();
    // A pod that moves to another slice is in both for a moment.
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

/** A slice’s Service and address family. Both never change. */
interface SliceOf {
  readonly service: string;
  /** Undefined while the slice was empty. */
  readonly family: Family | undefined;
}

/**
 * The endpoints of the Service under test over time, as its clients use them. The Service is the one with the name of a
 * watched Deployment or StatefulSet, or else the first one that was seen. Endpoints are counted by pod.
 */
export class EndpointHistory {
  readonly #services = new Map<string, Map<Family, Slices>>();
  readonly #slices = new Map<string, SliceOf>();
  readonly #owners = new Set<string>();
  /** The address family that clients use, if it is known; otherwise the first family with endpoints. */
  usedFamily: Family | undefined;

  see(at: Micros, slice: string, state: SliceState | undefined): void {
    const known = this.#slices.get(slice);
    const service = state?.service ?? known?.service;
    if (service === undefined) return;
    const [first] = state?.endpoints ?? [];
    const family = known?.family ?? (first && familyOf(first.ip));
    this.#slices.set(slice, { service, family });
    const families = this.#services.get(service) ?? new Map<Family, Slices>();
    this.#services.set(service, families);
    const slices = families.get(family ?? 4) ?? new Slices();
    families.set(family ?? 4, slices);
    slices.see(at, slice, state);
  }

  seeOwner(name: string): void {
    this.#owners.add(name);
  }

  get sets(): readonly EndpointSet[] {
    const [first] = this.#services.values();
    const families = [...this.#services].find(([service]) => this.#owners.has(service))?.[1] ?? first;
    if (!families) return [];
    const used = this.usedFamily && families.get(this.usedFamily);
    const all = [...families.values()];
    const holds = ({ sets }: Slices) => sets.some(({ ready, terminating }) => ready.length + terminating > 0);
    return (used ?? all.find(holds) ?? all[0])?.sets ?? [];
  }

  /** All sets that held at some time of a window. The first may be from before it. */
  during(from: Micros, to: Micros): readonly EndpointSet[] {
    const { sets } = this;
    const first = sets.findLastIndex(({ at }) => at <= from);
    return sets.slice(Math.max(first, 0)).filter(({ at }) => at <= to);
  }
}
