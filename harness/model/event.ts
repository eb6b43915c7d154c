import type { Json, Micros, Ms } from './units.ts';

/**
 * The source of an event. `phase`, `fault` and `watch` are notes of the harness. `eviction` is an answer of the
 * Eviction API. `container` is the state of a node that the engine reports. `reach` is the result of a direct probe of
 * a pod. The others are names of watched kinds. Their events are stamped when they arrive, because the times of the API
 * have whole seconds.
 */
export const eventSources = [
  'phase',
  'fault',
  'watch',
  'pod',
  'endpointslice',
  'node',
  'lease',
  'deployment',
  'statefulset',
  'budget',
  'eviction',
  'container',
  'api-server',
  'reach',
  'k8s-event',
] as const;
export type EventSource = (typeof eventSources)[number];

/** The types of `phase` events, which mark the progress of an arm. */
export const phaseMarks = [
  'deploy',
  'warmup',
  'baseline',
  'fault',
  'tail',
  'end',
  'unmeasurable',
  'error',
  'undone',
] as const;
export type PhaseMark = (typeof phaseMarks)[number];

/** The first line of `events.ndjson`. */
export const eventsSchema = 'holdfast.events/2';

/** The names of a Kubernetes object. `namespace` is absent for cluster-scoped objects. */
export interface ObjectName {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** What an event is about. An object has `kind` and `name`; anything else has only a `subject`. */
export interface About {
  /**
   * The UID of the object, or its name if the UID is unknown. Otherwise the name of an arm, a watch or a node, or the
   * id of a disruption.
   */
  readonly subject: string;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** One line of `events.ndjson`. */
export interface RecordedEvent extends About {
  readonly at: Micros;
  readonly source: EventSource;
  /**
   * `added`, `modified` or `deleted` for watched objects; the name of a phase; a step of a fault; `gap`, `interrupted`
   * or `alive` for a watch.
   */
  readonly type: string;
  readonly data: Json;
}

/** The name of the object of an event, or the subject if it is about anything else. */
export const nameOf = ({ name, subject }: About): string => name ?? subject;

/** `data` of a `pod` event: an allow-list without environment and annotations. */
export interface PodState {
  readonly node: string;
  readonly ip: string;
  readonly phase: string;
  readonly ready: boolean;
  /**
   * The revision of the template that it was made from: its label `pod-template-hash` (Deployment) or
   * `controller-revision-hash` (StatefulSet). Empty if it has neither.
   */
  readonly revision: string;
  /** Its label `version`, which is compared with what its answers say. Empty if it has none. */
  readonly version: string;
  /** Whether deletionTimestamp is set. */
  readonly terminating: boolean;
  readonly graceSeconds: number | null;
  readonly containers: readonly ContainerState[];
}

export interface ContainerState {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state: 'waiting' | 'running' | 'terminated';
  readonly reason: string;
  readonly exitCode: number | null;
  /** How its previous run ended; null if there was none or the reason is unknown. */
  readonly ended: { readonly reason: string; readonly exitCode: number } | null;
}

/** `data` of an `endpointslice` event. */
export interface SliceState {
  readonly service: string;
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN';
  readonly endpoints: readonly EndpointState[];
}

export interface EndpointState {
  /** The first address, which is the only one that kube-proxy uses. */
  readonly ip: string;
  /** The name and UID of the pod; empty if the endpoint names no pod. */
  readonly pod: string;
  readonly uid: string;
  readonly node: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
}

/** `data` of a `node` event. */
export interface NodeState {
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly unschedulable: boolean;
  readonly taints: readonly string[];
  /** Conditions that are True, except Ready, such as MemoryPressure. */
  readonly conditions: readonly string[];
  /** The values of the labels `topology.kubernetes.io/zone` and `rack`; empty if it has none. */
  readonly zone: string;
  readonly rack: string;
}

/** `data` of a `lease` event: the heartbeat of a node. */
export interface LeaseState {
  /** The renewal time that its kubelet wrote. */
  readonly renewed: string;
}

/** `data` of a `budget` event: the status of a PodDisruptionBudget. */
export interface BudgetState {
  readonly desiredHealthy: number;
  readonly currentHealthy: number;
  readonly expectedPods: number;
  readonly disruptionsAllowed: number;
}

/** `data` of an `eviction` event, which is about a pod: the answer of the API, and the disruption that asked. */
export interface EvictionAnswer {
  readonly disruption: string;
  readonly node: string;
  /** 201: allowed. 404: the pod did not exist. 429: a budget refused. 500: several budgets match. */
  readonly code: number;
  readonly message: string;
}

/** `data` of a `container` event, whose subject is a node: the state that the engine reports. */
export interface NodeContainerState {
  readonly state: 'running' | 'paused' | 'exited';
  readonly exitCode: number | null;
}

/** `data` of an `api-server` event, which is recorded when the answer changes. */
export interface ApiServerState {
  readonly ready: boolean;
  readonly reason: string;
}

/** `data` of a `reach` event, every second: the result of a direct probe of a pod or of `dependency`. */
export interface ReachState {
  readonly answered: boolean;
  readonly ms: Ms;
}

/** `data` of a `deployment` or `statefulset` event. */
export interface OwnerState {
  readonly generation: number;
  readonly observedGeneration: number;
  readonly desired: number;
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

/** `data` of a `k8s-event` event, which is about the involved object. */
export interface KubernetesEventState {
  readonly reason: string;
  readonly message: string;
  readonly type: string;
}

/**
 * One line of the log of a pod, `workload/<pod>.ndjson`. `id` is the id of the request, for `start` and `end`.
 * `listen`: the process accepts connections. `close`: its listener is closed. `exit`: the process ends.
 */
export interface WorkloadEvent {
  readonly at: Micros;
  readonly type: 'boot' | 'listen' | 'ready' | 'sigterm' | 'close' | 'start' | 'end' | 'exit';
  readonly pod: string;
  readonly id?: string;
}

/** One line of `clock.ndjson`, every second: the clock and the event loop of the harness, and the CPUs of its host. */
export interface ClockSample {
  readonly at: Micros;
  /** The monotonic clock at the same moment. The difference between both clocks must not jump. */
  readonly monotonic: Micros;
  /** The longest delay of the event loop in this second. */
  readonly loopDelayMs: number;
  /** The share of CPU time in this second, 0 to 1, over all cores. */
  readonly busy: number;
  readonly steal: number;
  /** The users of the CPU, as shares of the same time. Absent if unknown. */
  readonly cpu?: CpuUsers | undefined;
}

export interface CpuUsers {
  /** The process of holdfast. */
  readonly holdfast?: number | undefined;
  /** Pods on all nodes, by UID. Pods that used almost nothing are left out. */
  readonly pods?: { readonly [uid: string]: number } | undefined;
}
