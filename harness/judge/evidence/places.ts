import type { RecordedEvent } from '../../model/event.ts';
import type { TopologyDomain } from '../../model/experiment.ts';
import type { Json } from '../../model/units.ts';

/** Where each node stands, by its labels. */
export class Places {
  readonly #nodes = new Map<string, { readonly [label in 'zone' | 'rack']?: Json }>();

  see({ source, subject, data }: RecordedEvent): void {
    if (source === 'node') this.#nodes.set(subject, data as { readonly [label in 'zone' | 'rack']?: Json });
  }

  /** The domain that a node stands in; undefined where no label that was recorded says so. */
  of(node: string, over: TopologyDomain): string | undefined {
    const domain = over === 'node' ? node : this.#nodes.get(node)?.[over];
    return typeof domain === 'string' && domain !== '' ? domain : undefined;
  }
}
