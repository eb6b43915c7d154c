import type { Cause } from './cause.ts';
import type { Json, Ms } from './units.ts';

export type Role = 'control' | 'treatment' | 'unprotected';

/** A PodDisruptionBudget, in one of its two ways. */
export type Budget = { readonly minAvailable: number | string } | { readonly maxUnavailable: number | string };

/** The knobs of a workload. Times in the unit that Kubernetes takes them in. */
export interface WorkloadSettings {
  readonly replicas: number;
  /** A number of pods, or a share of the replicas such as `25%`, which Kubernetes rounds up. */
  readonly maxSurge: number | string;
  /** The same; a share is rounded down. */
  readonly maxUnavailable: number | string;
  /** A readiness probe on the serving port, every second, one failure is enough. */
  readonly readiness: boolean;
  /** `preStop.sleep.seconds`; 0 is no hook. */
  readonly preStopSeconds: number;
  readonly graceSeconds: number;
  /** The process listens this long after it starts. */
  readonly startDelayMs: Ms;
  /** The pod is ready this long after it listens; at once unless told. */
  readonly readyDelayMs?: Ms | undefined;
  /** It closes a connection after so many requests; unless told, or 0, never. */
  readonly requestsPerConnection?: number | undefined;
  /** What it does on SIGTERM: close its listener and finish, exit at once, or nothing. */
  readonly drain: 'graceful' | 'exit' | 'ignore';
  /** How long it works on each request. */
  readonly workMs: Ms;
  readonly strategy: 'RollingUpdate' | 'Recreate';
  readonly budget: Budget | null;
  readonly antiAffinity: 'none' | 'preferred' | 'required';
  /** What anti-affinity keeps apart: nodes, zones or racks. */
  readonly antiAffinityOver: 'hostname' | 'zone' | 'rack';
  /** A profile of the lab's scheduler. `no-spread` has no default topology spread. */
  readonly scheduler: 'default-scheduler' | 'no-spread';
  /** So many workers, the first ones, are busy: a pod on each asks for most of its CPU, so that the others look better. */
  readonly busyWorkers: number;
  /** Each request asks another Deployment, and is answered 503 where that one does not answer within a second. */
  readonly dependency: boolean;
}

/** Where an arm's workload goes, and what it runs. */
export interface WorkloadPlace {
  readonly namespace: string;
  readonly image: string;
  /** Below `/evidence` of its node: where it writes its log. */
  readonly evidencePath: string;
  /** Never scheduled there: the traffic comes from it. */
  readonly generatorNode: string;
  /** The nodes that are to be busy. */
  readonly busyNodes: readonly string[];
}

/** What is under test: settings that arms override, and the Kubernetes objects that they come to. */
export interface Workload {
  readonly settings: WorkloadSettings;
  objects(settings: WorkloadSettings, place: WorkloadPlace): readonly KubernetesManifest[];
}

export interface KubernetesManifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: { readonly [label: string]: string };
  };
}

export interface TrafficSettings {
  readonly freshPerSecond: number;
  readonly keptAlivePerSecond: number;
  readonly timeoutMs: Ms;
  /** The node that it is made on, which then is no target: a worker where the control plane is to be hurt. */
  readonly from: 'control-plane' | 'worker';
}

export interface PhaseSettings {
  /** Sent, never judged. */
  readonly warmupMs: Ms;
  /** What normal looks like: must be clean. */
  readonly baselineMs: Ms;
  /** How long an arm without a disruption keeps its fault phase, to be compared with the others. */
  readonly quietMs: Ms;
  /** After the last disruption ended. */
  readonly tailMs: Ms;
}

/**
 * When a disruption starts: so long after the fault phase began; after an event of another disruption; or once no more
 * than so many endpoints are ready. One whose event never comes does not land.
 */
export type When =
  | { readonly atMs: Ms }
  | { readonly after: string; readonly event: DisruptionEvent; readonly delayMs: Ms }
  | { readonly readyAtMost: number; readonly delayMs: Ms };

/** A step of a disruption, as it is noted. */
export type DisruptionEvent = 'intent' | 'injected' | 'landed' | 'healed';

/**
 * How long a fault stays after it landed: so long; until so many endpoints are ready without its being healed; or until so
 * long after an event of another disruption.
 */
export type Until =
  | { readonly ms: Ms }
  | { readonly readyAtLeast: number }
  | { readonly after: string; readonly event: DisruptionEvent; readonly delayMs: Ms };

/** A fault by its name in the catalogue, and what it needs to know. Plain data, so that a journal can hold it. */
export interface FaultSpec {
  readonly name: string;
  readonly params: { readonly [key: string]: Json };
}

/** One injection: the unit that strength counts. */
export interface Disruption {
  readonly id: string;
  readonly when: When;
  readonly fault: FaultSpec;
  /** Healed as soon as it landed, unless told. */
  readonly until?: Until | undefined;
  /** Given up as not landed after this long; what it waits for before and after has the same limit. */
  readonly limitMs: Ms;
}

/** The main thing that an arm must show, over the requests after warm-up or, without traffic, over its pods. */
export type Expectation =
  | { readonly kind: 'no-loss' }
  /** Whatever happens is recorded, and nothing is demanded: for a look at a fault, never for an experiment. */
  | { readonly kind: 'observed' }
  /** At least so many requests fail for one of `causes`. */
  | { readonly kind: 'loss'; readonly atLeast: number; readonly causes: readonly Cause[] }
  /** No request is answered for so long. */
  | { readonly kind: 'outage'; readonly atLeastMs: Ms; readonly causes: readonly Cause[] }
  /**
   * Requests fail only for `causes`, never for a whole second all of them, and in no window of `windowMs` more than this
   * share; those of `afterwards` may still come once the last rule to a lost endpoint is gone.
   */
  | {
      readonly kind: 'bounded-loss';
      readonly causes: readonly Cause[];
      readonly afterwards: readonly Cause[];
      readonly windowMs: Ms;
      readonly shareAtMost: number;
    }
  /** At the end of the fault phase the running replicas stand on so many nodes. */
  | { readonly kind: 'placement'; readonly nodesAtLeast: number; readonly nodesAtMost: number };

/** What else an arm must show. */
export type Demand =
  /** From baseline to tail, never fewer endpoints were ready, or of the kind that is named. */
  | { readonly kind: 'ready-endpoints'; readonly atLeast: number; readonly of?: EndpointKind | undefined }
  /** So soon after the first loss as many endpoints are ready as before, and requests are answered again. */
  | { readonly kind: 'recovery'; readonly withinMs: Ms }
  /** A budget made the Eviction API refuse so often. */
  | { readonly kind: 'evictions-refused'; readonly atLeast: number }
  /** The Eviction API allowed no more. */
  | { readonly kind: 'evictions-allowed'; readonly atMost: number }
  /** So many pods could not be scheduled, for a reason that says these words. */
  | { readonly kind: 'unschedulable'; readonly atLeast: number; readonly because: string }
  /** So many replicas are ready at the end of the arm, of this version where one is named. */
  | { readonly kind: 'running-at-end'; readonly atLeast: number; readonly version?: string | undefined }
  /** From the fault on, at no instant more replicas ran on one node, or in one zone or rack. */
  | { readonly kind: 'together'; readonly over: TopologyDomain; readonly atMost: number }
  /** From the fault on, successful answers of no kind of traffic took so much longer than in the baseline, at a percentile. */
  | { readonly kind: 'added-latency'; readonly percentile: number; readonly atMostMs: Ms }
  /** No pod had less to spare. */
  | { readonly kind: 'margin'; readonly of: PodMarginKind; readonly atLeastMs: Ms };

/**
 * How much a pod had to spare. `close`: its listener closed, after the last connection was routed to it. `listen`: the
 * first connection was routed to it, after it listened. `grace`: its grace period ended, after its last request.
 */
export type PodMarginKind = 'close' | 'listen' | 'grace';

/**
 * What counts as an endpoint that is there. `ready`: Kubernetes says so, even of a pod on a dead node until it notices.
 * `serving`: those, and pods that terminate and still answer. `alive`: the process listens, and its node runs.
 */
export type EndpointKind = (typeof endpointKinds)[number];
export const endpointKinds = ['ready', 'serving', 'alive'] as const;

/** What replicas share, and may lose together. */
export type TopologyDomain = (typeof topologyDomains)[number];
export const topologyDomains = ['node', 'zone', 'rack'] as const;

export interface ArmSpec {
  readonly role: Role;
  /** In plain words: what differs from the treatment. */
  readonly says: string;
  readonly workload: Partial<WorkloadSettings>;
  readonly disruptions: readonly Disruption[];
  readonly expect: Expectation;
  readonly demands?: readonly Demand[];
  /** Run only when all arms are asked for, or this one is. */
  readonly extra?: boolean;
}

/** A value: importing an experiment does nothing. */
export interface Experiment {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** The claims of the catalogue that it tests. */
  readonly claims: readonly string[];
  readonly workload: Workload;
  /** Without traffic only states are judged. */
  readonly traffic: TrafficSettings | null;
  readonly phases: PhaseSettings;
  readonly arms: { readonly [name: string]: ArmSpec };
  /** The lab that it needs where that is not the default one. */
  readonly nodeTimings?: 'defaults';
  /** Run only when it is named. */
  readonly onlyWhenNamed?: boolean;
}
