import type { Micros } from '../../model/units.ts';
import { type EndpointSet, usable } from '../timeline/endpoints.ts';

/** How many endpoints shared the Service’s connections over time. */
export class EndpointCounts {
  readonly #changes: { readonly at: Micros; readonly count: number }[] = [];

  constructor(sets: readonly EndpointSet[]) {
    for (const set of sets) {
      const count = new Set(usable(set)).size;
      if (this.#changes.at(-1)?.count !== count) this.#changes.push({ at: set.at, count });
    }
  }

  /** The maximum within a time; at least 1. */
  most(from: Micros, to: Micros): number {
    let [low, high] = [0, this.#changes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle]?.at ?? 0) <= from) low = middle + 1;
      else high = middle;
    }
    let most = 1;
    for (let index = Math.max(0, low - 1); index < this.#changes.length; index++) {
      const change = this.#changes[index];
      if (!change || change.at > to) break;
      most = Math.max(most, change.count);
    }
    return most;
  }
}
