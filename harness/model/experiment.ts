import type { Cause } from './cause.ts';
import type { Change } from './change.ts';
import type { Manifests } from './manifest.ts';
import type { Json, Ms } from './units.ts';

export type Role = 'control' | 'treatment' | 'unprotected';

/** An option of a workload's own program, such as the time until it listens. Arms and `--set` can change it. */
export interface WorkloadOption {
  readonly value: Json;
  /** The key of `--set`. */
  readonly key: string;
  /** What `--set` accepts, such as `a whole number from 0 to 120`. */
  readonly accepts: string;
  /** The value for a text of `--set`. Undefined if the text is not accepted. */
  parse(text: string): Json | undefined;
  /** Undefined for a value that needs no words, such as the default of an option that is rarely used. */
  words(value: Json): string | undefined;
}

/** A workload under test. */
export interface Workload {
  readonly name: string;
  /** The Service that its clients use. It must select the pods of one Deployment or StatefulSet and no others. */
  readonly serves: { readonly service: string };
  readonly options: { readonly [option: string]: WorkloadOption };
  /** Its objects as their author wrote them, for these values of its options. Always the same ones. */
  objects(options: { readonly [option: string]: Json }): Manifests;
  /** Changes of guarantees that every arm has. */
  readonly changes: readonly Change[];
  /** The folder in its containers to which they write a log of their requests. */
  readonly log?: string;
}

/** What the lab, and not the workload, is like in an arm. */
export interface LabConditions {
  /**
   * The number of busy workers, starting with the first. A pod on each requests most of its CPU, so that the scheduler
   * prefers the others.
   */
  readonly busyWorkers: number;
  /** A profile of the scheduler of the lab. `no-spread` has no default topology spread. */
  readonly scheduler: 'default-scheduler' | 'no-spread';
}

export interface TrafficSettings {
  readonly freshPerSecond: number;
  readonly keptAlivePerSecond: number;
  readonly timeoutMs: Ms;
  /**
   * The kind of node that sends the traffic. Faults never choose it. Use a worker if a fault disrupts the control
   * plane.
   */
  readonly from: 'control-plane' | 'worker';
}

export interface PhaseSettings {
  /** Traffic is sent but not judged. */
  readonly warmupMs: Ms;
  /** The normal state before the fault. No request may fail. */
  readonly baselineMs: Ms;
  /** The length of the fault phase of an arm without a disruption, for the comparison with the others. */
  readonly quietMs: Ms;
  /** The time after the end of the last disruption. */
  readonly tailMs: Ms;
}

/**
 * When a disruption starts: a time after the fault phase began, after an event of another disruption, or once at most
 * `readyAtMost` endpoints are ready. If the event never comes, the disruption does not take effect.
 */
export type When =
  | { readonly atMs: Ms }
  | { readonly after: string; readonly event: DisruptionEvent; readonly delayMs: Ms }
  | { readonly readyAtMost: number; readonly delayMs: Ms };

/** A recorded step of a disruption. */
export type DisruptionEvent = 'intent' | 'injected' | 'landed' | 'healed';

/**
 * How long a fault is held after it took effect: for a time, until this many endpoints are ready without a heal, or
 * until a time after an event of another disruption.
 */
export type Until =
  | { readonly ms: Ms }
  | { readonly readyAtLeast: number }
  | { readonly after: string; readonly event: DisruptionEvent; readonly delayMs: Ms };

/** A fault by its name in the catalogue, with its parameters. Plain data, so that a journal can hold it. */
export interface FaultSpec {
  readonly name: string;
  readonly params: { readonly [key: string]: Json };
}

/** One injection. It is the unit in which the strength of a result is counted. */
export interface Disruption {
  readonly id: string;
  readonly when: When;
  readonly fault: FaultSpec;
  /** By default the fault is healed as soon as it has taken effect. */
  readonly until?: Until | undefined;
  /** The time limit for each of: waiting for `when`, taking effect, and `until`. */
  readonly limitMs: Ms;
}

/** The main result that an arm must show: about the requests after warm-up or, without traffic, about its pods. */
export type Expectation =
  | { readonly kind: 'no-loss' }
  /** Everything is recorded and nothing is demanded. For a single injection, never for an experiment. */
  | { readonly kind: 'observed' }
  /** At least this many requests fail with one of `causes`. */
  | { readonly kind: 'loss'; readonly atLeast: number; readonly causes: readonly Cause[] }
  /** No request is answered for at least this time. */
  | { readonly kind: 'outage'; readonly atLeastMs: Ms; readonly causes: readonly Cause[] }
  /**
   * Requests fail only with `causes`. There is no second in which all fail, and no window of `windowMs` in which more
   * than this share fails. Failures with `afterwards` may continue after the last rule to a lost endpoint is removed.
   */
  | {
      readonly kind: 'bounded-loss';
      readonly causes: readonly Cause[];
      readonly afterwards: readonly Cause[];
      readonly windowMs: Ms;
      readonly shareAtMost: number;
    }
  /** At the end of the fault phase the running replicas are on this many nodes. */
  | { readonly kind: 'placement'; readonly nodesAtLeast: number; readonly nodesAtMost: number };

/** An additional result that an arm must show. */
export type Demand =
  /** From the baseline to the tail, at least this many endpoints of this kind are available; ready ones by default. */
  | { readonly kind: 'ready-endpoints'; readonly atLeast: number; readonly of?: EndpointKind | undefined }
  /** Within this time after the first loss, as many endpoints are ready as before and requests are answered again. */
  | { readonly kind: 'recovery'; readonly withinMs: Ms }
  /** A budget made the Eviction API refuse at least this many evictions. */
  | { readonly kind: 'evictions-refused'; readonly atLeast: number }
  /** The Eviction API allowed at most this many evictions. */
  | { readonly kind: 'evictions-allowed'; readonly atMost: number }
  /** At least this many pods could not be scheduled, for a reason that contains this text. */
  | { readonly kind: 'unschedulable'; readonly atLeast: number; readonly because: string }
  /**
   * At least this many replicas are ready at the end of the arm. With `revision` only those count that have the same
   * revision as a pod that existed when the fault phase began (`old`), or another one (`new`).
   */
  | {
      readonly kind: 'running-at-end';
      readonly atLeast: number;
      readonly revision?: 'old' | 'new' | undefined;
    }
  /** From the fault on, at most this many replicas run on one node, or in one zone or rack. */
  | { readonly kind: 'together'; readonly over: TopologyDomain; readonly atMost: number }
  /**
   * From the fault on, successful answers of each kind of traffic take at most this much longer than in the baseline,
   * at this percentile.
   */
  | { readonly kind: 'added-latency'; readonly percentile: number; readonly atMostMs: Ms }
  /** Every pod has at least this margin. */
  | { readonly kind: 'margin'; readonly of: PodMarginKind; readonly atLeastMs: Ms };

/**
 * The margins of a pod. `close`: from the last routed connection until its listener closed. `listen`: from listening
 * until the first routed connection. `grace`: from the end of its last request until the end of its grace period.
 */
export type PodMarginKind = 'close' | 'listen' | 'grace';

/**
 * What counts as an available endpoint. `ready`: Kubernetes marks it ready, even on a dead node until that is detected.
 * `serving`: also terminating pods that still answer. `alive`: the process listens, and its node runs.
 */
export type EndpointKind = (typeof endpointKinds)[number];
export const endpointKinds = ['ready', 'serving', 'alive'] as const;

/** The failure domains that replicas may share. */
export type TopologyDomain = (typeof topologyDomains)[number];
export const topologyDomains = ['node', 'zone', 'rack'] as const;

export interface ArmSpec {
  readonly role: Role;
  /** How it differs from the workload. */
  readonly changes?: readonly Change[];
  /** How its lab differs from that of the experiment. */
  readonly lab?: Partial<LabConditions>;
  readonly disruptions: readonly Disruption[];
  readonly expect: Expectation;
  readonly demands?: readonly Demand[];
  /** Whether it runs only with all arms or if it is named. */
  readonly extra?: boolean;
}

/** An experiment is a value. Importing one has no side effects. */
export interface Experiment {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** The ids of the claims that it tests, for example in a list of requirements. They are written to `plan.json`. */
  readonly claims?: readonly string[];
  readonly workload: Workload;
  /** By default no worker is busy, and pods have the default scheduler. */
  readonly lab?: Partial<LabConditions>;
  /** Null if only the states of objects are judged. */
  readonly traffic: TrafficSettings | null;
  readonly phases: PhaseSettings;
  readonly arms: { readonly [name: string]: ArmSpec };
  /** The node timings that it needs, if they are not the default. */
  readonly nodeTimings?: 'defaults';
  /** Whether it runs only if it is named. */
  readonly onlyWhenNamed?: boolean;
}
