import type { NodeContainerState } from '../../model/event.ts';
import { type Micros, msToMicros } from '../../model/units.ts';

/** A node that did not run, as the engine said. */
export interface NodeOutage {
  readonly node: string;
  readonly how: 'powered off' | 'frozen';
  readonly from: Micros;
  readonly to: Micros | undefined;
}

/** Between the end of a node's processes and the engine's word 0.2 s were seen, on a machine that was busy with two of them. */
const engineLate = msToMicros(1000);

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

  /** The outage of a node that overlaps a span of time: its processes end before the engine says so. */
  during(node: string, from: Micros, to: Micros): NodeOutage | undefined {
    return this.#outages.find(
      (outage) => outage.node === node && outage.from - engineLate <= to && (outage.to ?? to) >= from,
    );
  }

  get all(): readonly NodeOutage[] {
    return this.#outages;
  }
}
