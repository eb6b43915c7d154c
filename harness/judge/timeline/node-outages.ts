import type { NodeContainerState } from '../../model/event.ts';
import type { Micros } from '../../model/units.ts';

/** A node that did not run, as the engine said. */
export interface NodeOutage {
  readonly node: string;
  readonly how: 'powered off' | 'frozen';
  readonly from: Micros;
  readonly to: Micros | undefined;
}

/** When nodes did not run. */
export class NodeOutages {
  readonly #outages: { node: string; how: NodeOutage['how']; from: Micros; to: Micros | undefined }[] = [];

  see(at: Micros, node: string, { state }: NodeContainerState): void {
    const open = this.#outages.findLast((outage) => outage.node === node && outage.to === undefined);
    if (state === 'running') {
      if (open) open.to = at;
    } else if (!open) {
      this.#outages.push({ node, how: state === 'paused' ? 'frozen' : 'powered off', from: at, to: undefined });
    }
  }

  /** The outage of a node that overlaps a span of time. */
  during(node: string, from: Micros, to: Micros): NodeOutage | undefined {
    return this.#outages.find((outage) => outage.node === node && outage.from <= to && (outage.to ?? to) >= from);
  }

  get all(): readonly NodeOutage[] {
    return this.#outages;
  }
}
