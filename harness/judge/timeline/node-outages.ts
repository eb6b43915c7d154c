import type { NodeContainerState } from '../../model/event.ts';
import { type Micros, msToMicros } from '../../model/units.ts';

/** A node that did not run, as the engine said. */
export interface NodeOutage {
  readonly node: string;
  readonly how: 'powered off' | 'frozen';
  readonly from: Micros;
  readonly to: Micros | undefined;
  /** Its processes may have ended so early, and the engine said so late. */
  readonly earliest: Micros;
}

/** Between the end of a node's processes and the engine's word 0.2 s were seen, on a machine that was busy with two of them. */
const engineLate = msToMicros(1000);

/** When nodes did not run. */
export class NodeOutages {
  readonly #outages: (Omit<NodeOutage, 'to'> & { to: Micros | undefined })[] = [];

  /** `injected`: when the harness last began to do something, before which it cannot have been its doing. */
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

  /** The outage of a node that overlaps a span of time. */
  during(node: string, from: Micros, to: Micros): NodeOutage | undefined {
    return this.#outages.find((outage) => outage.node === node && outage.earliest <= to && (outage.to ?? to) >= from);
  }

  get all(): readonly NodeOutage[] {
    return this.#outages;
  }
}
