import type {
  ApiServerState,
  BudgetState,
  DeploymentState,
  EvictionAnswer,
  KubernetesEventState,
  NodeContainerState,
  NodeState,
  PodState,
  RecordedEvent,
  SliceState,
  WorkloadEvent,
} from '../../model/event.ts';
import type { NodeLane, Span } from '../../model/finding.ts';
import type { Json, Micros } from '../../model/units.ts';
import { BudgetHistory } from './budgets.ts';
import { EndpointHistory } from './endpoints.ts';
import { Leases } from './leases.ts';
import { NodeOutages } from './node-outages.ts';
import { PhaseMarks } from './phases.ts';
import { PodHistory } from './pod-history.ts';
import { SpanTrack } from './span-track.ts';

/** A step of a disruption, as the harness noted it. */
export interface FaultStep {
  readonly at: Micros;
  readonly id: string;
  readonly step: string;
  readonly data: Json;
}

type NodeLaneState = NodeLane['spans'][number]['state'];

/** An arm's events, put into order: what was true of every object, when. */
export class Timeline {
  readonly phases = new PhaseMarks();
  readonly pods = new Map<string, PodHistory>();
  readonly endpoints = new EndpointHistory();
  readonly deployments = new Map<string, { readonly at: Micros; readonly state: DeploymentState }[]>();
  readonly faults: FaultStep[] = [];
  readonly watch: RecordedEvent[] = [];
  readonly outages = new NodeOutages();
  readonly leases = new Leases();
  readonly apiServer = new SpanTrack<'ready' | 'down'>();
  readonly evictions: { readonly at: Micros; readonly pod: string; readonly state: EvictionAnswer }[] = [];
  readonly budgets = new BudgetHistory();
  readonly kubernetesEvents: { readonly at: Micros; readonly subject: string; readonly state: KubernetesEventState }[] =
    [];
  /** Why the recorder gave up, if it did. */
  broke: { readonly at: Micros; readonly message: string } | undefined;
  last: Micros = 0;
  readonly #nodes = new Map<string, SpanTrack<NodeLaneState>>();
  readonly #inSlices = new Map<string, ReadonlySet<string>>();

  see(event: RecordedEvent): void {
    const { at, source, type, subject } = event;
    this.last = Math.max(this.last, at);
    // The reader has checked that `data` is what its source records.
    const data: unknown = event.data;
    switch (source) {
      case 'phase':
        this.#seePhase(at, type, subject, event.data);
        break;
      case 'fault':
        this.faults.push({ at, id: subject, step: type, data: event.data });
        break;
      case 'watch':
        this.watch.push(event);
        break;
      case 'pod':
        this.pod(subject).seePod(at, type, data as PodState);
        break;
      case 'endpointslice':
        this.#seeSlice(at, subject, type === 'deleted' ? undefined : (data as SliceState));
        break;
      case 'deployment':
        this.#seeDeployment(at, subject, data as DeploymentState);
        break;
      case 'container':
        this.#seeContainer(at, subject, data as NodeContainerState);
        break;
      case 'api-server':
        this.apiServer.see(at, (data as ApiServerState).ready ? 'ready' : 'down');
        break;
      case 'lease':
        this.leases.see(at, subject);
        break;
      case 'eviction':
        this.evictions.push({ at, pod: subject, state: data as EvictionAnswer });
        break;
      case 'budget':
        this.budgets.see(at, subject, type === 'deleted' ? undefined : (data as BudgetState));
        break;
      case 'k8s-event':
        this.kubernetesEvents.push({ at, subject, state: data as KubernetesEventState });
        break;
      case 'node':
        this.#seeNode(at, type, subject, data as NodeState);
        break;
      default:
        break;
    }
  }

  /** Lifecycle lines of a pod's own log. */
  seeLog(event: WorkloadEvent): void {
    this.pod(event.pod).seeLog(event);
  }

  pod(name: string): PodHistory {
    const pod = this.pods.get(name) ?? new PodHistory(name);
    this.pods.set(name, pod);
    return pod;
  }

  /** The pod that had an address at a moment: the latest that was seen with it until then. */
  podWithIp(ip: string, at: Micros): PodHistory | undefined {
    let found: PodHistory | undefined;
    for (const pod of this.pods.values()) {
      if (!pod.ips.has(ip)) continue;
      const [had, has] = [found?.seen ?? 0, pod.seen ?? 0];
      if (!found || (has <= at && (has > had || had > at))) found = pod;
    }
    return found;
  }

  /** What the API said of each node over time. */
  nodes(): ReadonlyMap<string, Span<NodeLaneState>[]> {
    return new Map([...this.#nodes].map(([node, track]) => [node, track.spans()]));
  }

  #seePhase(at: Micros, name: string, arm: string, data: Json): void {
    this.phases.see(at, name, arm);
    if (name !== 'error') return;
    const message = (data as { message?: unknown } | null)?.message;
    this.broke ??= { at, message: typeof message === 'string' ? message : 'for a reason that it did not record' };
  }

  #seeContainer(at: Micros, node: string, state: NodeContainerState): void {
    this.outages.see(at, node, state, this.faults.findLast(({ step }) => step === 'intent')?.at);
    // A process that loses its node has no time to write that it ends.
    if (state.state === 'exited') for (const pod of this.pods.values()) if (pod.node === node) pod.seeNodeEnd(at);
  }

  #seeSlice(at: Micros, slice: string, state: SliceState | undefined): void {
    this.endpoints.see(at, slice, state);
    const names = new Set(state?.endpoints.map(({ pod }) => pod));
    for (const endpoint of state?.endpoints ?? []) this.pod(endpoint.pod).seeEndpoint(at, endpoint);
    for (const pod of this.#inSlices.get(slice) ?? []) {
      const elsewhere = [...this.#inSlices].some(([other, pods]) => other !== slice && pods.has(pod));
      if (!names.has(pod) && !elsewhere) this.pod(pod).seeEndpoint(at, undefined);
    }
    this.#inSlices.set(slice, names);
  }

  #seeDeployment(at: Micros, name: string, state: DeploymentState): void {
    this.endpoints.seeDeployment(name);
    const states = this.deployments.get(name) ?? [];
    states.push({ at, state });
    this.deployments.set(name, states);
  }

  #seeNode(at: Micros, type: string, name: string, { ready, unschedulable }: NodeState): void {
    const track = this.#nodes.get(name) ?? new SpanTrack<NodeLaneState>();
    this.#nodes.set(name, track);
    const state =
      ready === 'Unknown' ? 'unknown' : ready === 'False' ? 'not-ready' : unschedulable ? 'cordoned' : 'ready';
    track.see(at, type === 'deleted' ? undefined : state);
  }
}
