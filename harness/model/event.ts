import type { Json, Micros, Ms } from './units.ts';

/**
 * Who saw it. `phase`, `fault` and `watch` are the harness's own notes; `eviction` is the API's answer to one; `container`
 * is what the engine says of a node; `reach` is how pods answer who asks them directly; the others carry the name of what
 * was watched, stamped on arrival because the API's own times have whole seconds.
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
  'budget',
  'eviction',
  'container',
  'api-server',
  'reach',
  'k8s-event',
] as const;
export type EventSource = (typeof eventSources)[number];

/** The types of `phase` events: the marks in an arm's life. */
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

/** A Kubernetes object by its names. `namespace` is absent for cluster-scoped objects. */
export interface ObjectName {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** What an event is about. An object has `kind` and `name`; anything else has a `subject` alone. */
export interface About {
  /** The UID of the object; its name where the UID is not known. Else the arm, the disruption's id, the watch, the node. */
  readonly subject: string;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** One line of `events.ndjson`. */
export interface RecordedEvent extends About {
  readonly at: Micros;
  readonly source: EventSource;
  /** `added`, `modified`, `deleted` for watched objects; a phase's name; a step of a fault; `gap`, `interrupted` or `alive` of a watch. */
  readonly type: string;
  readonly data: Json;
}

/** The name of the object that an event is about; the subject of an event about anything else. */
export const nameOf = ({ name, subject }: About): string => name ?? subject;

/** `data` of a `pod` event: an allow-list, no environment, no annotations. */
export interface PodState {
  readonly node: string;
  readonly ip: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly version: string;
  /** deletionTimestamp is set: the pod is terminating. */
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
  /** How it ended the last time before this one; null where it never did, or nobody said. */
  readonly ended: { readonly reason: string; readonly exitCode: number } | null;
}

/** `data` of an `endpointslice` event. */
export interface SliceState {
  readonly service: string;
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN';
  readonly endpoints: readonly EndpointState[];
}

export interface EndpointState {
  /** Its first address: kube-proxy uses no other. */
  readonly ip: string;
  /** The pod's name and UID; empty if the endpoint names no pod. */
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
  /** Conditions that are True, but for Ready: MemoryPressure and its like. */
  readonly conditions: readonly string[];
  /** By its labels `topology.kubernetes.io/zone` and `rack`; empty if it has none. */
  readonly zone: string;
  readonly rack: string;
}

/** `data` of a `lease` event: a node's sign of life. */
export interface LeaseState {
  /** As its kubelet wrote it. */
  readonly renewed: string;
}

/** `data` of a `budget` event: a PodDisruptionBudget's status. */
export interface BudgetState {
  readonly desiredHealthy: number;
  readonly currentHealthy: number;
  readonly expectedPods: number;
  readonly disruptionsAllowed: number;
}

/** `data` of an `eviction` event, which is about a pod: what the API answered, and to which disruption. */
export interface EvictionAnswer {
  readonly disruption: string;
  readonly node: string;
  /** 201 it was allowed, 404 it was gone already, 429 a budget refused it, 500 several budgets did. */
  readonly code: number;
  readonly message: string;
}

/** `data` of a `container` event, whose subject is a node: the engine's own word for what became of it. */
export interface NodeContainerState {
  readonly state: 'running' | 'paused' | 'exited';
  readonly exitCode: number | null;
}

/** `data` of an `api-server` event: recorded whenever the answer changes. */
export interface ApiServerState {
  readonly ready: boolean;
  readonly reason: string;
}

/** `data` of a `reach` event, every second: how a pod, or `dependency`, answers who asks it directly. */
export interface ReachState {
  readonly answered: boolean;
  readonly ms: Ms;
}

/** `data` of a `deployment` event. */
export interface DeploymentState {
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
 * One line of the workload's own log, `workload/<pod>.ndjson`. `id` is the request's, for `start` and `end`.
 * `listen`: accepts connections; `close`: its listener is gone; `exit`: the process ends.
 */
export interface WorkloadEvent {
  readonly at: Micros;
  readonly type: 'boot' | 'listen' | 'ready' | 'sigterm' | 'close' | 'start' | 'end' | 'exit';
  readonly pod: string;
  readonly id?: string;
}

/** One line of `clock.ndjson`, every second: what the harness's clock, loop and host were doing. */
export interface ClockSample {
  readonly at: Micros;
  /** The monotonic clock at the same moment; wall minus monotonic must not step. */
  readonly monotonic: Micros;
  /** The longest that the event loop was held up in this second. */
  readonly loopDelayMs: number;
  /** Share of CPU time in this second, 0 to 1, over all cores. */
  readonly busy: number;
  readonly steal: number;
  /** Who used it, as shares of the same time. Absent if nobody could tell. */
  readonly cpu?: CpuUsers | undefined;
}

export interface CpuUsers {
  /** The harness's own process. */
  readonly holdfast?: number | undefined;
  /** Pods on all nodes, by their UIDs; those that used next to nothing are left out. */
  readonly pods?: { readonly [uid: string]: number } | undefined;
}
