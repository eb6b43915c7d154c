import type { Json, Micros } from './units.ts';

/**
 * Who saw it. `phase`, `fault` and `watch` are the harness's own notes; the others carry the name of what was watched,
 * stamped on arrival because the API's own times have whole seconds.
 */
export type EventSource =
  | 'phase'
  | 'fault'
  | 'watch'
  | 'pod'
  | 'endpointslice'
  | 'node'
  | 'deployment'
  | 'k8s-event'
  | 'workload'
  | 'clock';

/** One line of `events.ndjson`. */
export interface RecordedEvent {
  readonly at: Micros;
  readonly source: EventSource;
  /** `added`, `modified`, `deleted` for watched objects; a phase's name; a step of a fault; `gap` of a watch. */
  readonly type: string;
  /** The object's name, the arm, the disruption's id. */
  readonly subject: string;
  readonly data: Json;
}

/** `data` of a `pod` event: an allow-list, no environment, no annotations. */
export interface PodState {
  readonly uid: string;
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
}

/** `data` of an `endpointslice` event. */
export interface SliceState {
  readonly service: string;
  readonly endpoints: readonly EndpointState[];
}

export interface EndpointState {
  readonly ip: string;
  readonly pod: string;
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

/** `data` of a `k8s-event` event. */
export interface KubernetesEventState {
  readonly kind: string;
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
}
