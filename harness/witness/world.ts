import type {
  ApiServerState,
  BudgetState,
  DeploymentState,
  EvictionAnswer,
  KubernetesEventState,
  NodeContainerState,
  NodeState,
  PodState,
  ReachState,
  RecordedEvent,
  SliceState,
} from '../model/event.ts';
import type { Micros } from '../model/units.ts';

/** Something that observers saw at a moment. */
export interface Seen<T> {
  readonly at: Micros;
  readonly subject: string;
  readonly state: T;
}

/**
 * All that observers saw until now. Recording feeds it event by event, and so does a judge with yesterday's recording:
 * a witness cannot tell the two apart.
 */
export class World {
  /** The moment of the latest event. */
  at: Micros = 0;
  /** Those that are there. */
  readonly pods = new Map<string, PodState>();
  /** Those that were there and are gone, with the moment of it. */
  readonly gone = new Map<string, Micros>();
  readonly nodes = new Map<string, NodeState>();
  readonly slices = new Map<string, SliceState>();
  readonly deployments = new Map<string, DeploymentState>();
  readonly budgets = new Map<string, BudgetState>();
  /** When each node's lease was last seen renewed. */
  readonly leases = new Map<string, Micros>();
  /** What the engine said of the nodes' containers, in order. */
  readonly containers: Seen<NodeContainerState>[] = [];
  readonly evictions: Seen<EvictionAnswer>[] = [];
  readonly kubernetesEvents: Seen<KubernetesEventState>[] = [];
  /** How each pod, and `dependency`, answered who asked it directly, the last time. */
  readonly reach = new Map<string, Seen<ReachState>>();
  /** How the API server answered, in order. */
  readonly apiServer: Seen<ApiServerState>[] = [];

  see(event: RecordedEvent): void {
    const { at, source, type, subject } = event;
    this.at = Math.max(this.at, at);
    // What is recorded live has this shape; a reader of recordings has checked it.
    const data: unknown = event.data;
    const gone = type === 'deleted';
    switch (source) {
      case 'pod':
        if (gone) this.gone.set(subject, at);
        see(this.pods, subject, data as PodState, gone);
        break;
      case 'node':
        see(this.nodes, subject, data as NodeState, gone);
        break;
      case 'endpointslice':
        see(this.slices, subject, data as SliceState, gone);
        break;
      case 'deployment':
        see(this.deployments, subject, data as DeploymentState, gone);
        break;
      case 'budget':
        see(this.budgets, subject, data as BudgetState, gone);
        break;
      case 'lease':
        see(this.leases, subject, at, gone);
        break;
      case 'container':
        this.containers.push({ at, subject, state: data as NodeContainerState });
        break;
      case 'eviction':
        this.evictions.push({ at, subject, state: data as EvictionAnswer });
        break;
      case 'k8s-event':
        this.kubernetesEvents.push({ at, subject, state: data as KubernetesEventState });
        break;
      case 'api-server':
        this.apiServer.push({ at, subject, state: data as ApiServerState });
        break;
      case 'reach':
        this.reach.set(subject, { at, subject, state: data as ReachState });
        break;
      default:
        break;
    }
  }

  /** Names of the pods behind ready endpoints, but for those on some nodes. */
  readyEndpoints(except: readonly string[] = []): string[] {
    return [...this.slices.values()].flatMap(({ endpoints }) =>
      endpoints.filter(({ ready, node }) => ready && !except.includes(node)).map(({ pod }) => pod),
    );
  }
}

function see<T>(map: Map<string, T>, subject: string, state: T, gone: boolean): void {
  if (gone) map.delete(subject);
  else map.set(subject, state);
}
