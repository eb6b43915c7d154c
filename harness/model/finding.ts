import type { Cause } from './cause.ts';
import type { BudgetState, EvictionAnswer } from './event.ts';
import type { EndpointKind, Expectation, PodMarginKind, Role, TopologyDomain } from './experiment.ts';
import type { RunPlan } from './plan.ts';
import type { Connection, Request } from './request.ts';
import type { Micros, Ms } from './units.ts';
import type { Verdict } from './verdict.ts';

export type Phase = 'warmup' | 'baseline' | 'fault' | 'tail';

/** `at` is absent if the evidence is not about one moment. */
export interface EvidenceLine {
  readonly at?: Micros;
  readonly text: string;
}

/** Evidence about a failed request. */
export interface FailureEvidence extends EvidenceLine {
  /**
   * What the text is about: a pod, a node, or a component such as `conntrack`. Absent if it is about several, and in old
   * findings, whose text begins with it.
   */
  readonly subject?: string;
}

/** What `look` of a finding may be besides a part of the folder of the arm: requests, which a command prints. */
export const lookRequests = { failed: 'failed requests', all: 'requests' } as const;

/** The result of one check: what was expected, what was measured, and the first evidence. */
export interface Finding {
  /** A `CheckId`, or an unknown name in older findings. */
  readonly check: string;
  /** The subject, such as a disruption, if the check has one finding per subject. */
  readonly of?: string;
  readonly verdict: Verdict;
  /** The check could not be done because of a limit of the host, as a trial showed. */
  readonly skipped?: true;
  /** When the problem occurred. Before the fault the run may be repeated; after it never. Absent on a pass. */
  readonly arose?: 'before-fault' | 'after-fault';
  readonly expected: string;
  readonly measured: string;
  readonly evidence: readonly EvidenceLine[];
  /**
   * Where to find more evidence: one of `lookRequests`, or a part of the folder of the arm. Absent on a pass,
   * if nothing was recorded, and in old findings.
   */
  readonly look?: string;
}

/**
 * How the pod of a request is known: from the header of the workload, from the DNAT in conntrack, as the only
 * candidate, or not at all.
 */
export type PodBy = 'header' | 'conntrack' | 'inferred' | 'none';

export interface FailedRequest {
  readonly request: Request;
  readonly phase: Phase;
  readonly cause: Cause;
  readonly pod: string;
  readonly podBy: PodBy;
  /** One sentence: what happened, by how much, and which evidence is missing. */
  readonly words: string;
  readonly evidence: readonly FailureEvidence[];
}

export type PodBarState = 'pending' | 'starting' | 'ready' | 'unready' | 'terminating';

/** A span in a lane. `to` is absent if it lasted until the end of the recording. */
export interface Span<State extends string = string> {
  readonly state: State;
  readonly from: Micros;
  readonly to?: Micros;
}

/** One pod during the arm. */
export interface PodLane {
  readonly pod: string;
  readonly node: string;
  /** The revision of the template that it was made from, which differs between old and new pods. Empty if unknown. */
  readonly revision: string;
  /** Its label `version`; empty if it has none. */
  readonly version: string;
  /** The state of the pod in Kubernetes. */
  readonly bar: readonly Span<PodBarState>[];
  /** The state of its endpoint in the EndpointSlice. */
  readonly endpoint: readonly Span<'ready' | 'serving' | 'terminating' | 'unready'>[];
  /** When its process listened, from its own log. */
  readonly listening: readonly Span<'listening'>[];
  readonly sigterm?: Micros;
  readonly exit?: Micros;
  /**
   * The first and the last time at which a connection was routed to it, by conntrack and by the rules of the client's
   * node. Absent if none was.
   */
  readonly firstRouted?: Micros;
  readonly lastRouted?: Micros;
  /** The time from the last routed connection until its listener closed. Negative: it closed too early. */
  readonly closeMarginMs?: Ms;
  /** The time from listening until the first routed connection. Negative: it listened too late. */
  readonly listenMarginMs?: Ms;
  /**
   * The time from the end of its last request until the end of its grace period. Negative: the request ended too late.
   */
  readonly graceMarginMs?: Ms;
}

/** The smallest margin of the pods of an arm. */
export interface PodMargin {
  /** Negative if the pod missed it. */
  readonly smallestMs: Ms;
  readonly pod: string;
  /** The time at which it was the smallest. */
  readonly at: Micros;
  /** The number of pods that had this margin. */
  readonly pods: number;
}

/**
 * Healthy minus desired pods, at the time when a disruption budget had the fewest in reserve. Negative: there were too
 * few.
 */
export interface BudgetMargin {
  readonly smallest: number;
  readonly healthy: number;
  readonly desired: number;
  readonly at: Micros;
}

/** The smallest margins. Each is absent if it was not measured. */
export interface Margins extends Partial<Readonly<Record<PodMarginKind, PodMargin>>> {
  readonly budget?: BudgetMargin;
}

/** Percentiles of the duration of successful answers. A percentile is absent if there were too few answers. */
export interface Percentiles {
  readonly p50Ms?: Ms;
  readonly p99Ms?: Ms;
}

/** The durations of the successful answers of one generator in the baseline, and the added time from the fault on. */
export interface AddedLatency {
  readonly gen: string;
  readonly conn: string;
  readonly baseline: Percentiles;
  /** The added time in the fault phase and in the tail. Negative if answers were faster. */
  readonly fault: Percentiles;
  readonly tail: Percentiles;
}

/** The smallest number at any time, and the first time at which it was that small. */
export interface Fewest {
  readonly count: number;
  readonly at: Micros;
}

/** The number of replicas in one domain, and the first time at which it was reached. */
export interface Together {
  readonly domain: string;
  readonly count: number;
  readonly at: Micros;
}

/**
 * The time from the first lost request or ready endpoint until as many endpoints as before are ready and requests are
 * answered.
 */
export interface Recovery {
  readonly from: Micros;
  /** What was lost first, and what recovered last. */
  readonly first: 'endpoints' | 'requests';
  readonly last: 'endpoints' | 'requests';
  /** Absent if `last` had not recovered at the end of the arm. */
  readonly to?: Micros;
}

/** Measurements besides the failed requests. They are taken even if no demand needs them. */
export interface Measures {
  readonly latency: readonly AddedLatency[];
  /** From the baseline to the end of the fault. Absent if nothing was watched. */
  readonly fewest: { readonly [kind in EndpointKind]?: Fewest };
  /** The largest number, from the fault on. Absent if no recorded label names the domain of the nodes. */
  readonly together: { readonly [over in TopologyDomain]?: Together };
  /** Absent if nothing was lost. */
  readonly recovery?: Recovery;
}

/** `cut off`: by a disruption of its network. `not heard of`: it gave no sign of life for an unknown reason. */
export type NodeOutageState = 'powered off' | 'frozen' | 'cut off' | 'not heard of';

export interface NodeLane {
  readonly node: string;
  /** The state of the node in the API. */
  readonly spans: readonly Span<'ready' | 'not-ready' | 'unknown' | 'cordoned'>[];
  /**
   * The times in which it did not run, as the engine reported, or in which it ran without a sign of life. The latter
   * start when the API server last heard of it.
   */
  readonly outages: readonly Span<NodeOutageState>[];
  /** The ids of the disruptions that chose it. */
  readonly takenBy: readonly string[];
}

/** One injection, from its recorded intent until it was undone, or until the end of the fault phase. */
export interface DisruptionSpan {
  readonly id: string;
  readonly fault: string;
  /** The real event that the fault stands for; empty if it was not recorded. */
  readonly faithfulTo: string;
  readonly from: Micros;
  readonly to: Micros;
  /** When its witness saw that it took effect, and what it saw. Absent if it never did. */
  readonly landed?: { readonly at: Micros; readonly saw: string };
}

/** The answer of the Eviction API to one request. */
export interface Eviction extends EvictionAnswer {
  readonly at: Micros;
  readonly pod: string;
}

/** The states of a PodDisruptionBudget, one for each change of its status. */
export interface BudgetLane {
  readonly budget: string;
  readonly changes: readonly (BudgetState & { readonly at: Micros })[];
}

/** A pod that could not be scheduled, with the reason and the time of the first report. */
export interface Unscheduled {
  readonly at: Micros;
  readonly pod: string;
  readonly reason: string;
}

/** The counts in one time interval. */
export interface Bucket {
  readonly from: Micros;
  readonly answered: number;
  readonly failed: { readonly [cause: string]: number };
}

export interface GeneratorCounts {
  readonly conn: string;
  readonly total: number;
  readonly failed: number;
  readonly dropped: number;
  /** The 99th percentile of start − due. */
  readonly lateP99Ms: Ms;
  readonly retried: number;
}

/** The data of an arm that reports draw. */
export interface ArmStory {
  /** The time that is 0 on the time axis: the first injection, or the start of the fault phase. */
  readonly zero: Micros;
  readonly phases: { readonly [phase in Phase]: { readonly from: Micros; readonly to: Micros } };
  readonly bucketMs: Ms;
  /** Empty if the arm had no traffic. */
  readonly buckets: readonly Bucket[];
  /**
   * The longest time without an answer although requests were sent, from the first of these requests to the last.
   * `conn` is set if only connections of this kind got no answers.
   */
  readonly silence?: { readonly from: Micros; readonly to: Micros; readonly conn?: Connection };
  /** If the loss is bounded: the window with the largest share of failed requests. */
  readonly worstWindow?: { readonly from: Micros; readonly to: Micros; readonly share: number };
  readonly disruptions: readonly DisruptionSpan[];
  readonly pods: readonly PodLane[];
  readonly nodes: readonly NodeLane[];
  readonly apiServer: readonly Span<'ready' | 'down'>[];
  readonly evictions: readonly Eviction[];
  readonly budgets: readonly BudgetLane[];
  readonly unscheduled: readonly Unscheduled[];
  /** The replicas that ran at the end of the fault phase, by node. */
  readonly placement: readonly { readonly node: string; readonly pods: readonly string[] }[];
  /** The number of ready endpoints, one entry for each change. */
  readonly readyEndpoints: readonly { readonly at: Micros; readonly ready: number; readonly terminating: number }[];
}

/** How many pods and requests the disruptions of an arm affected. */
export interface ArmExposure {
  /** The pods that they chose; all ready pods if they choose none. */
  readonly pods: number;
  /**
   * The pods among these that received requests of each kind of traffic, and could still receive them when they were
   * chosen.
   */
  readonly exposed: number;
  /** Kept-alive connections to these pods that were open when the pod was disrupted. Absent if none were planned. */
  readonly connections?: number;
  /** Requests that were sent in the second after each disruption of a pod. */
  readonly requests: number;
  /** The total length of these seconds. Overlapping seconds count once. */
  readonly riskyMs: Ms;
}

export interface ArmFindings {
  readonly name: string;
  /** The arm that this one repeats. */
  readonly repeats?: string;
  readonly role: Role;
  readonly says: string;
  readonly verdict: Verdict;
  readonly expect: Expectation;
  /** The expectation as text. */
  readonly expected: string;
  readonly measured: string;
  readonly findings: readonly Finding[];
  /** Requests after warm-up. The sum of `byCause` is `failed`. */
  readonly requests: {
    readonly total: number;
    readonly failed: number;
    readonly unattributed: number;
    readonly byCause: { readonly [cause: string]: number };
    readonly byGenerator: { readonly [gen: string]: GeneratorCounts };
  };
  readonly durationMs: Ms;
  readonly phasesMs: { readonly [phase: string]: Ms };
  /** Absent if nothing was recorded. */
  readonly recorded?: RecordedAs;
  /**
   * Failed requests by start time, at most `failuresKept`. The first and the last of each cause are always included,
   * and the others are spread over the time.
   */
  readonly failures: readonly FailedRequest[];
  readonly margins?: Margins;
  /** Absent in old findings and for an arm without a recording. */
  readonly measures?: Measures;
  /** What a pass of this arm alone proves; empty if nothing. */
  readonly strength?: string;
  /** Absent if there was no disruption or no traffic, and in old findings. */
  readonly exposure?: ArmExposure;
  readonly story?: ArmStory;
}

/**
 * What identifies a recording: its id, its pods and, on one cluster, its time from warm-up to the end of the tail. No
 * other recording may have the same.
 */
export interface RecordedAs {
  readonly from: Micros;
  readonly to: Micros;
  readonly podUids: readonly string[];
  /** Absent in old recordings. */
  readonly id?: string;
  /** What it belongs to. Absent in old recordings. */
  readonly origin?: RecordingOrigin;
}

/** What a recording belongs to: see `ArmFile`. */
export interface RecordingOrigin {
  readonly run: string;
  readonly experiment: string;
  readonly cluster: string;
  readonly profile: string;
}

export interface ExperimentFindings {
  readonly name: string;
  /** Its name, and a digest of its question and its arms. Absent in old findings. */
  readonly identity?: string;
  readonly title: string;
  readonly question: string;
  readonly verdict: Verdict;
  /** The result in one sentence. */
  readonly sentence: string;
  /** What the pass proves: the clean disruptions and, with traffic, the clean requests, each with its bound. */
  readonly strength: string;
  readonly findings: readonly Finding[];
  readonly arms: readonly ArmFindings[];
}

/** `findings.json`. */
export interface RunFindings {
  readonly schema: 'holdfast.findings/3';
  readonly plan: RunPlan;
  readonly judgedAt: string;
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly sentence: string;
  readonly durationMs: Ms;
  readonly experiments: readonly ExperimentFindings[];
}
