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

/** The address families of IP. A slice holds addresses of one. */
export type Family = 4 | 6;

/** Of an address without brackets; IPv4 for what is none. */
export const familyOf = (address: string): Family => (address.includes(':') ? 6 : 4);

/** One Service's slices of one address family, merged. */
class Slices {
  readonly sets: EndpointSet[] = [];
  readonly #slices = new Map<string, readonly EndpointState[]>();

  see(at: Micros, slice: string, state: SliceState | undefined): void {
    if (state) this.#slices.set(slice, state.endpoints);
    else this.#slices.delete(slice);
    const all = [...this.#slices.values()].flat();
    // A pod that moves from one slice to another is in both for a moment.
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

/** What a slice is of, by its name: nothing of that ever changes. */
interface SliceOf {
  readonly service: string;
  /** Undefined while it was empty. */
  readonly family: Family | undefined;
}

/**
 * The endpoints over time of the Service under test, as clients of it use them. It is the one that bears the name of a
 * Deployment that is watched, or else the first that was seen. Each endpoint is counted by its pod.
 */
export class EndpointHistory {
  readonly #services = new Map<string, Map<Family, Slices>>();
  readonly #slices = new Map<string, SliceOf>();
  readonly #deployments = new Set<string>();
  /** The family of the address that clients use, where that is known; or else the first that has endpoints. */
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

  seeDeployment(name: string): void {
    this.#deployments.add(name);
  }

  get sets(): readonly EndpointSet[] {
    const [first] = this.#services.values();
    const families = [...this.#services].find(([service]) => this.#deployments.has(service))?.[1] ?? first;
    if (!families) return [];
    const used = this.usedFamily && families.get(this.usedFamily);
    const all = [...families.values()];
    const holds = ({ sets }: Slices) => sets.some(({ ready, terminating }) => ready.length + terminating > 0);
    return (used ?? all.find(holds) ?? all[0])?.sets ?? [];
  }

  /** All sets that held at some instant of a window, the first of them from before it. */
  during(from: Micros, to: Micros): readonly EndpointSet[] {
    const { sets } = this;
    const first = sets.findLastIndex(({ at }) => at <= from);
    return sets.slice(Math.max(first, 0)).filter(({ at }) => at <= to);
  }
}
