import type { Cause } from './cause.ts';
import type { Json, Ms } from './units.ts';

export type Role = 'control' | 'treatment' | 'unprotected';

/** The knobs of a workload. Times in the unit that Kubernetes takes them in. */
export interface WorkloadSettings {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  /** A readiness probe on the serving port, every second, one failure is enough. */
  readonly readiness: boolean;
  /** `preStop.sleep.seconds`; 0 is no hook. */
  readonly preStopSeconds: number;
  readonly graceSeconds: number;
  /** The process listens this long after it starts. */
  readonly startDelayMs: Ms;
  /** What it does on SIGTERM: close its listener and finish, exit at once, or nothing. */
  readonly drain: 'graceful' | 'exit' | 'ignore';
  /** How long it works on each request. */
  readonly workMs: Ms;
}

/** Where an arm's workload goes, and what it runs. */
export interface WorkloadPlace {
  readonly namespace: string;
  readonly image: string;
  /** Below `/evidence` of its node: where it writes its log. */
  readonly evidencePath: string;
  /** Never scheduled there: the traffic comes from it. */
  readonly generatorNode: string;
}

/** What is under test: settings that arms override, and the Kubernetes objects that they come to. */
export interface Workload {
  readonly settings: WorkloadSettings;
  objects(settings: WorkloadSettings, place: WorkloadPlace): readonly KubernetesManifest[];
}

export interface KubernetesManifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

export interface TrafficSettings {
  readonly freshPerSecond: number;
  readonly keptAlivePerSecond: number;
  readonly timeoutMs: Ms;
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

/** When a disruption starts: so long after the fault phase began, or after an event of another disruption. */
export type When = { readonly atMs: Ms } | { readonly after: string; readonly event: string; readonly delayMs: Ms };

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
  /** Given up as not landed after this long. */
  readonly limitMs: Ms;
}

/** What an arm must show. Loss counts requests after warm-up that failed for one of `causes`. */
export type Expectation =
  | { readonly kind: 'no-loss' }
  | { readonly kind: 'loss'; readonly atLeast: number; readonly causes: readonly Cause[] };

export interface ArmSpec {
  readonly role: Role;
  /** In plain words: what differs from the treatment. */
  readonly says: string;
  readonly workload: Partial<WorkloadSettings>;
  readonly disruptions: readonly Disruption[];
  readonly expect: Expectation;
}

/** A value: importing an experiment does nothing. */
export interface Experiment {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** The claims of the catalogue that it tests. */
  readonly claims: readonly string[];
  readonly workload: Workload;
  readonly traffic: TrafficSettings;
  readonly phases: PhaseSettings;
  readonly arms: { readonly [name: string]: ArmSpec };
}
