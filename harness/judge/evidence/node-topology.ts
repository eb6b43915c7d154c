import { type NodeState, nameOf, type RecordedEvent } from '../../model/event.ts';
import type { TopologyDomain } from '../../model/experiment.ts';

/** The topology domain of each node, by its labels. */
export class NodeTopology {
  readonly #nodes = new Map<string, NodeState>();

  see(event: RecordedEvent): void {
    if (event.source === 'node') this.#nodes.set(nameOf(event), event.data as unknown as NodeState);
  }

  /** The domain of a node; undefined if no recorded label names it. */
  domainOf(node: string, over: TopologyDomain): string | undefined {
    const domain = over === 'node' ? node : this.#nodes.get(node)?.[over];
    return domain || undefined;
  }
}
