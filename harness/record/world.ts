import type { DeploymentState, NodeState, PodState, RecordedEvent, SliceState } from '../model/event.ts';

/** The latest of everything that observers saw: what a fault's witness looks at. */
export class World {
  readonly pods = new Map<string, PodState>();
  readonly nodes = new Map<string, NodeState>();
  readonly slices = new Map<string, SliceState>();
  readonly deployments = new Map<string, DeploymentState>();

  see(event: RecordedEvent): void {
    const map = this.#mapOf(event);
    if (!map) return;
    if (event.type === 'deleted') map.delete(event.subject);
    else map.set(event.subject, event.data);
  }

  #mapOf(event: RecordedEvent): Map<string, unknown> | undefined {
    switch (event.source) {
      case 'pod':
        return this.pods;
      case 'node':
        return this.nodes;
      case 'endpointslice':
        return this.slices;
      case 'deployment':
        return this.deployments;
      default:
        return undefined;
    }
  }
}
