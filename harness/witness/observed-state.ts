import {
  type About,
  type ApiServerState,
  type BudgetState,
  type EvictionAnswer,
  type KubernetesEventState,
  type NodeContainerState,
  type NodeState,
  nameOf,
  type ObjectName,
  type OwnerState,
  type PodState,
  type ReachState,
  type RecordedEvent,
  type SliceState,
} from '../model/event.ts';
import type { OwnerKind } from '../model/owner.ts';
import type { Micros } from '../model/units.ts';

/** A state that observers saw at a moment. */
export interface Seen<T> {
  readonly at: Micros;
  /** The name of the object or other subject. */
  readonly name: string;
  readonly state: T;
}

/** The last seen state of a pod. */
export interface ObservedPod extends PodState {
  readonly namespace?: string | undefined;
}

/**
 * Everything that observers have seen so far. The recorder and the judge both feed it event by event, so a witness
 * gives the same answer live and from a recording.
 */
export class ObservedState {
  /** The time of the latest event. */
  at: Micros = 0;
  /** Existing pods, by name. */
  readonly pods = new Map<string, ObservedPod>();
  /** Deleted pods, by name, with the time of the deletion. */
  readonly gone = new Map<string, Micros>();
  readonly nodes = new Map<string, NodeState>();
  readonly slices = new Map<string, SliceState>();
  /** Existing Deployments and StatefulSets, by name. */
  readonly owners: { readonly [kind in OwnerKind]: Map<string, OwnerState> } = {
    Deployment: new Map(),
    StatefulSet: new Map(),
  };
  readonly budgets = new Map<string, BudgetState>();
  /** The time at which the lease of each node was last seen renewed. */
  readonly leases = new Map<string, Micros>();
  /** The states of the containers of nodes that the engine reported, in order. */
  readonly containers: Seen<NodeContainerState>[] = [];
  readonly evictions: Seen<EvictionAnswer>[] = [];
  readonly kubernetesEvents: (Seen<KubernetesEventState> & Pick<About, 'kind'>)[] = [];
  /** The last result of a direct probe of each pod and of `dependency`. */
  readonly reach = new Map<string, Seen<ReachState>>();
  /** The states of the API server, in order. */
  readonly apiServer: Seen<ApiServerState>[] = [];

  /** The UID that was last seen for each pod name. */
  readonly #podUids = new Map<string, string>();

  see(event: RecordedEvent): void {
    const { at, source, type, subject, kind, namespace } = event;
    const name = nameOf(event);
    this.at = Math.max(this.at, at);
    // Live events have this shape. The reader of recordings has checked it.
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
        see(this.owners.Deployment, name, data as OwnerState, gone);
        break;
      case 'statefulset':
        see(this.owners.StatefulSet, name, data as OwnerState, gone);
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

  /** The UID of the pod that was last seen with these names, also after its deletion; undefined for other objects. */
  uidOf(object: ObjectName): string | undefined {
    return object.kind === 'Pod' ? this.#podUids.get(keyOf(object)) : undefined;
  }

  /** Whether Kubernetes has reported an event with this reason about a pod since a moment. */
  hasEvent(pod: string, reason: string, since: Micros = 0): boolean {
    return this.kubernetesEvents.some(
      ({ kind, name, at, state }) => kind === 'Pod' && name === pod && at >= since && state.reason === reason,
    );
  }

  /** Names of the pods behind ready endpoints, without the endpoints on the nodes in `except`. */
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
