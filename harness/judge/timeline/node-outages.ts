import type { NodeContainerState } from '../../model/event.ts';
import { type Micros, msToMicros } from '../../model/units.ts';

/** A time in which a node did not run, by the container engine. */
export interface NodeOutage {
  readonly node: string;
  readonly how: 'powered off' | 'frozen';
  readonly from: Micros;
  readonly to: Micros | undefined;
  /** The node’s processes may have ended this early, because the engine reports late. */
  readonly earliest: Micros;
}

/**
 * The container engine reported the end of a node’s processes up to 0.2 s late, on a machine that was busy with two of
 * them.
 */
const engineLate = msToMicros(1000);

/** When nodes did not run. */
export class NodeOutages {
  readonly #outages: (Omit<NodeOutage, 'to'> & { to: Micros | undefined })[] = [];

  /** `injected` is when holdfast last began an injection. An outage that it caused cannot be earlier. */
  see(at: Micros, node: string, { state }: NodeContainerState, injected: Micros = 0): void {
    const open = this.#outages.findLast((outage) => outage.node === node && outage.to === undefined);
    if (state === 'running') {
      if (open) open.to = at;
    } else if (!open) {
      const how = state === 'paused' ? 'frozen' : 'powered off';
      const earliest = Math.min(at, Math.max(at - engineLate, injected));
      this.#outages.push({ node, how, from: at, to: undefined, earliest });
    }
  }

  /** The outage of a node that overlaps a time. */
  during(node: string, from: Micros, to: Micros): NodeOutage | undefined {
    return this.#outages.find((outage) => outage.node === node && outage.earliest <= to && (outage.to ?? to) >= from);
  }

  get all(): readonly NodeOutage[] {
    return this.#outages;
  }
}
