import {
  type ApiServerState,
  type BudgetState,
  type EventSource,
  type EvictionAnswer,
  type KubernetesEventState,
  type LeaseState,
  type NodeContainerState,
  type NodeState,
  nameOf,
  type OwnerState,
  type PodState,
  type RecordedEvent,
  type SliceState,
  type WorkloadEvent,
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
import { clocksApart, Stamps } from './stamps.ts';

/** A step of a disruption, as holdfast noted it. */
export interface FaultStep {
  readonly at: Micros;
  readonly id: string;
  readonly step: string;
  readonly data: Json;
}

/** The states of a Deployment or StatefulSet over time. */
export interface OwnerHistory {
  readonly name: string;
  readonly states: { readonly at: Micros; readonly state: OwnerState }[];
}

/** A report about a pod. */
export interface ReportOf<State> {
  readonly at: Micros;
  /** The pod’s UID; its name if the UID is unknown. */
  readonly subject: string;
  readonly name: string;
  readonly state: State;
}

/** When the pod was first reported, or first logged a line. */
const beganAt = ({ seen = Number.POSITIVE_INFINITY, log }: PodHistory): Micros => Math.min(seen, log[0]?.at ?? seen);

/** A pod boots its first process with its first address. */
const firstBoot = (pod: PodHistory, ip: string): Micros | undefined => {
  const [first] = pod.ips.keys();
  return first === ip ? pod.logged('boot') : undefined;
};

/** The container that the kubelet restarts because a probe failed. Its process gets SIGTERM, but the pod remains. */
const killedByProbe = ({ reason, message }: KubernetesEventState): string | undefined =>
  reason === 'Killing' ? /^(?:Init c|C)ontainer (\S+) failed (?:liveness|startup) probe/.exec(message)?.[1] : undefined;

type NodeLaneState = NodeLane['spans'][number]['state'];

/** An arm’s events in order: the state of every object over time. */
export class Timeline {
  readonly phases = new PhaseMarks();
  /** How late reports may be. */
  readonly stamps = new Stamps();
  /** The first pod of each name by its name; a later pod with that name by name and UID. */
  readonly pods = new Map<string, PodHistory>();
  readonly #byUid = new Map<string, PodHistory>();
  /** In order of time. No two pods with the same name exist at the same time. */
  readonly #named = new Map<string, PodHistory[]>();
  /** The pod that the lines of a log currently belong to. */
  readonly #logged = new Map<string, PodHistory>();
  readonly endpoints = new EndpointHistory();
  readonly #owners = new Map<string, OwnerHistory>();
  readonly faults: FaultStep[] = [];
  readonly watch: RecordedEvent[] = [];
  readonly outages = new NodeOutages();
  readonly leases = new Leases();
  readonly apiServer = new SpanTrack<'ready' | 'down'>();
  readonly evictions: ReportOf<EvictionAnswer>[] = [];
  readonly budgets: BudgetHistory;
  /** Events about pods only. */
  readonly kubernetesEvents: ReportOf<KubernetesEventState>[] = [];
  /** Why the recorder gave up, if it did. */
  broke: { readonly at: Micros; readonly message: string } | undefined;
  /** Why the recorder ended the arm before the fault because its machine could not measure. */
  unmeasurable: { readonly at: Micros; readonly why: string } | undefined;
  last: Micros = 0;
  readonly #nodes = new Map<string, SpanTrack<NodeLaneState>>();
  readonly #inSlices = new Map<string, ReadonlySet<PodHistory>>();

  /** `otherBudgets` are the names of budgets that do not select the pods under test. */
  constructor(otherBudgets?: ReadonlySet<string>) {
    this.budgets = new BudgetHistory(otherBudgets);
  }

  see(event: RecordedEvent): void {
    const { at, source, type, subject } = event;
    const name = nameOf(event);
    this.last = Math.max(this.last, at);
    // The reader has checked that `data` has the shape of its source.
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
        this.#podOf(subject, name).seePod(at, type, data as PodState);
        break;
      case 'endpointslice':
        this.#seeSlice(at, subject, type === 'deleted' ? undefined : (data as SliceState));
        break;
      case 'deployment':
      case 'statefulset':
        this.#seeOwner(at, source, name, data as OwnerState);
        break;
      case 'container':
        this.#seeContainer(at, subject, data as NodeContainerState);
        break;
      case 'api-server':
        this.apiServer.see(at, (data as ApiServerState).ready ? 'ready' : 'down');
        break;
      case 'lease':
        this.leases.see(at, name);
        if (type === 'modified') this.stamps.seeRenewal(at, name, data as LeaseState);
        break;
      case 'eviction':
        this.evictions.push({ at, subject, name, state: data as EvictionAnswer });
        break;
      case 'budget':
        this.budgets.see(at, name, type === 'deleted' ? undefined : (data as BudgetState));
        break;
      case 'k8s-event':
        if (event.kind === 'Pod') this.#seeKubernetesEvent({ at, subject, name, state: data as KubernetesEventState });
        break;
      case 'node':
        this.#seeNode(at, type, name, data as NodeState);
        break;
      default:
        break;
    }
  }

  /** Sees a line of a pod’s own log. Lines must come in order, after all events. */
  seeLog(event: WorkloadEvent): void {
    const pod = this.#podOfLog(event);
    if (event.type === 'start' || event.type === 'end') pod.seeServed(event.at);
    else pod.seeLog(event);
  }

  /**
   * The pod with this name at that time, by its log or by when it was reported. Before the first one: the first one.
   */
  pod(name: string, at: Micros): PodHistory {
    const all = this.#allOf(name);
    return all.findLast((pod) => beganAt(pod) <= at + clocksApart) ?? (all[0] as PodHistory);
  }

  #allOf(name: string): readonly PodHistory[] {
    return this.#named.get(name) ?? [this.#add(name, '')];
  }

  #add(name: string, uid: string): PodHistory {
    const before = this.#named.get(name) ?? [];
    const pod = new PodHistory(name, this.stamps);
    this.pods.set(before.length === 0 ? name : `${name} ${uid}`, pod);
    this.#named.set(name, [...before, pod]);
    return pod;
  }

  /**
   * The pod with this UID. A pod that was only known by its name gets the first UID that is reported with that name.
   */
  #podOf(uid: string, name: string): PodHistory {
    const known = this.#byUid.get(uid);
    if (known) return known;
    const all = this.#allOf(name);
    if (uid === '') return all.at(-1) as PodHistory;
    const pod = all.find((each) => each.uid === '') ?? this.#add(name, uid);
    pod.uid = uid;
    this.#byUid.set(uid, pod);
    return pod;
  }

  /**
   * A log has only the pod’s name. No container starts in a deleted pod, so a boot after the deletion belongs to the
   * next pod with the name. So does a boot after SIGTERM if the deletion may have been reported late.
   */
  #podOfLog({ pod: name, at, type }: WorkloadEvent): PodHistory {
    const all = this.#allOf(name);
    let pod = this.#logged.get(name) ?? (all[0] as PodHistory);
    if (type === 'boot') {
      for (const next of all.slice(all.indexOf(pod) + 1)) {
        const over = pod.terminating ?? pod.gone ?? next.seen ?? Number.POSITIVE_INFINITY;
        const asked =
          pod.log.findLast((event) => event.type === 'boot' || event.type === 'sigterm')?.type === 'sigterm';
        if (at < over - (asked ? this.stamps.late(over) : 0)) break;
        pod = next;
      }
    }
    this.#logged.set(name, pod);
    return pod;
  }

  /**
   * The pod with this address at that time. An address may be reused after its pod is gone, and the watch reports that
   * late. Undefined if no pod had it, or if it is unknown which of several had it.
   */
  podWithIp(ip: string, at: Micros): PodHistory | undefined {
    const seen = (pod: PodHistory) => pod.ips.get(ip) ?? Number.POSITIVE_INFINITY;
    const had = [...this.pods.values()].filter((pod) => pod.ips.has(ip)).sort((one, other) => seen(one) - seen(other));
    const index = Math.max(
      0,
      had.findLastIndex((pod) => at >= Math.min(seen(pod), firstBoot(pod, ip) ?? seen(pod))),
    );
    const [before, pod, next] = [had[index - 1], had[index], had[index + 1]];
    // Pods with host networking share the address of their node.
    if (before?.ip === ip && before.terminating === undefined && before.gone === undefined) return undefined;
    const exited = pod?.log.findLast(({ type }) => type === 'exit')?.at ?? 0;
    const mayBeNext = next !== undefined && at > exited && at >= seen(next) - this.stamps.late(seen(next));
    return mayBeNext ? undefined : pod;
  }

  /** Whether any pod was ever reported with this address. */
  knowsIp(ip: string): boolean {
    return [...this.pods.values()].some((pod) => pod.ips.has(ip));
  }

  /** Every Deployment and StatefulSet. */
  owners(): readonly OwnerHistory[] {
    return [...this.#owners.values()];
  }

  /** The states of each node in the API over time. */
  nodes(): ReadonlyMap<string, Span<NodeLaneState>[]> {
    return new Map([...this.#nodes].map(([node, track]) => [node, track.spans()]));
  }

  #seePhase(at: Micros, name: string, arm: string, data: Json): void {
    this.phases.see(at, name, arm);
    if (name === 'unmeasurable') {
      const why = (data as { why?: unknown } | null)?.why;
      this.unmeasurable ??= { at, why: typeof why === 'string' ? why : 'for a reason that it did not record' };
    }
    if (name !== 'error') return;
    const message = (data as { message?: unknown } | null)?.message;
    this.broke ??= { at, message: typeof message === 'string' ? message : 'for a reason that it did not record' };
  }

  #seeContainer(at: Micros, node: string, state: NodeContainerState): void {
    this.outages.see(at, node, state, this.faults.findLast(({ step }) => step === 'intent')?.at);
    // A process that loses its node has no time to log its end.
    if (state.state === 'exited') for (const pod of this.pods.values()) if (pod.node === node) pod.seeNodeEnd(at);
  }

  #seeSlice(at: Micros, slice: string, state: SliceState | undefined): void {
    this.endpoints.see(at, slice, state);
    const there = new Set<PodHistory>();
    for (const endpoint of state?.endpoints ?? []) {
      const pod = this.#podOf(endpoint.uid, endpoint.pod);
      there.add(pod);
      pod.seeEndpoint(at, endpoint);
    }
    for (const pod of this.#inSlices.get(slice) ?? []) {
      const elsewhere = [...this.#inSlices].some(([other, pods]) => other !== slice && pods.has(pod));
      if (!there.has(pod) && !elsewhere) pod.seeEndpoint(at, undefined);
    }
    this.#inSlices.set(slice, there);
  }

  #seeKubernetesEvent(event: ReportOf<KubernetesEventState>): void {
    this.kubernetesEvents.push(event);
    const killed = killedByProbe(event.state);
    if (killed !== undefined) this.#byUid.get(event.subject)?.seeProbeKill(event.at, killed);
  }

  #seeOwner(at: Micros, source: EventSource, name: string, state: OwnerState): void {
    this.endpoints.seeOwner(name);
    const key = `${source} ${name}`;
    const owner = this.#owners.get(key) ?? { name, states: [] };
    owner.states.push({ at, state });
    this.#owners.set(key, owner);
  }

  #seeNode(at: Micros, type: string, name: string, { ready, unschedulable }: NodeState): void {
    const track = this.#nodes.get(name) ?? new SpanTrack<NodeLaneState>();
    this.#nodes.set(name, track);
    const state =
      ready === 'Unknown' ? 'unknown' : ready === 'False' ? 'not-ready' : unschedulable ? 'cordoned' : 'ready';
    track.see(at, type === 'deleted' ? undefined : state);
  }
}
