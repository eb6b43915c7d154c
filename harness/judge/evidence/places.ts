import { type NodeState, nameOf, type RecordedEvent } from '../../model/event.ts';
import type { TopologyDomain } from '../../model/experiment.ts';

/** Where each node stands, by its labels. */
export class Places {
  readonly #nodes = new Map<string, NodeState>();

  see(event: RecordedEvent): void {
    if (event.source === 'node') this.#nodes.set(nameOf(event), event.data as unknown as NodeState);
  }

  /** The domain that a node stands in; undefined where no label that was recorded says so. */
  of(node: string, over: TopologyDomain): string | undefined {
    const domain = over === 'node' ? node : this.#nodes.get(node)?.[over];
    return domain || undefined;
  }
}
