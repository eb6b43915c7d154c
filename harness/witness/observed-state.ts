import {
  type About,
  type ApiServerState,
  type BudgetState,
  type DeploymentState,
  type EvictionAnswer,
  type KubernetesEventState,
  type NodeContainerState,
  type NodeState,
  nameOf,
  type ObjectName,
  type PodState,
  type ReachState,
  type RecordedEvent,
  type SliceState,
} from '../model/event.ts';
import type { Micros } from '../model/units.ts';

/** Something that observers saw at a moment. */
export interface Seen<T> {
  readonly at: Micros;
  /** Of the object, or of whatever else it was seen of. */
  readonly name: string;
  readonly state: T;
}

/** A pod as it was last seen. */
export interface PodSight extends PodState {
  readonly namespace?: string | undefined;
}

/**
 * All that observers saw until now. Recording feeds it event by event, and so does a judge with yesterday's recording:
 * a witness cannot tell the two apart.
 */
export class World {
  /** The moment of the latest event. */
  at: Micros = 0;
  /** Those that are there, by their names. */
  readonly pods = new Map<string, PodSight>();
  /** Names of pods that were there and are gone, with the moment of it. */
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
  readonly kubernetesEvents: (Seen<KubernetesEventState> & Pick<About, 'kind'>)[] = [];
  /** How each pod, and `dependency`, answered who asked it directly, the last time. */
  readonly reach = new Map<string, Seen<ReachState>>();
  /** How the API server answered, in order. */
  readonly apiServer: Seen<ApiServerState>[] = [];

  /** UIDs of the pods that were last seen under their names. */
  readonly #podUids = new Map<string, string>();

  see(event: RecordedEvent): void {
    const { at, source, type, subject, kind, namespace } = event;
    const name = nameOf(event);
    this.at = Math.max(this.at, at);
    // What is recorded live has this shape; a reader of recordings has checked it.
    const data: unknown = event.data;
    const gone = type === 'deleted';
    switch (source) {
      case 'pod':
        if (gone) this.gone.set(name, at);
        this.#podUids.set(keyOf(event), subject);
        see(this.pods, name, { ...(data as PodState), namespace }, gone);
        break;
      case 'node':
        see(this.nodes, name, data as NodeState, gone);
        break;
      case 'endpointslice':
        see(this.slices, name, data as SliceState, gone);
        break;
      case 'deployment':
        see(this.deployments, name, data as DeploymentState, gone);
        break;
      case 'budget':
        see(this.budgets, name, data as BudgetState, gone);
        break;
      case 'lease':
        see(this.leases, name, at, gone);
        break;
      case 'container':
        this.containers.push({ at, name, state: data as NodeContainerState });
        break;
      case 'eviction':
        this.evictions.push({ at, name, state: data as EvictionAnswer });
        break;
      case 'k8s-event':
        this.kubernetesEvents.push({ at, kind, name, state: data as KubernetesEventState });
        break;
      case 'api-server':
        this.apiServer.push({ at, name, state: data as ApiServerState });
        break;
      case 'reach':
        this.reach.set(name, { at, name, state: data as ReachState });
        break;
      default:
        break;
    }
  }

  /** The UID of the pod that was last seen under these names, also where it is gone; undefined for any other object. */
  uidOf(object: ObjectName): string | undefined {
    return object.kind === 'Pod' ? this.#podUids.get(keyOf(object)) : undefined;
  }

  /** What Kubernetes said of a pod since a moment, for a reason. */
  saidOf(pod: string, reason: string, since: Micros = 0): boolean {
    return this.kubernetesEvents.some(
      ({ kind, name, at, state }) => kind === 'Pod' && name === pod && at >= since && state.reason === reason,
    );
  }

  /** Names of the pods behind ready endpoints, but for those on some nodes. */
  readyEndpoints(except: readonly string[] = []): string[] {
    return [...this.slices.values()].flatMap(({ endpoints }) =>
      endpoints.filter(({ ready, node }) => ready && !except.includes(node)).map(({ pod }) => pod),
    );
  }
}

const keyOf = ({ namespace = '', name = '' }: Pick<About, 'namespace' | 'name'>): string => `${namespace}/${name}`;

function see<T>(map: Map<string, T>, name: string, state: T, gone: boolean): void {
  if (gone) map.delete(name);
  else map.set(name, state);
}
