import type { Cause } from './cause.ts';
import type { BudgetState, EvictionAnswer } from './event.ts';
import type { EndpointKind, Expectation, PodMarginKind, Role, TopologyDomain } from './experiment.ts';
import type { RunPlan } from './plan.ts';
import type { Connection, Request } from './request.ts';
import type { Micros, Ms } from './units.ts';
import type { Verdict } from './verdict.ts';

export type Phase = 'warmup' | 'baseline' | 'fault' | 'tail';

/** `at` is absent where the evidence is not a moment. */
export interface EvidenceLine {
  readonly at?: Micros;
  readonly text: string;
}

/** What `look` of a finding may be besides a part of the arm's folder: requests, which a command prints. */
export const lookRequests = { failed: 'failed requests', all: 'requests' } as const;

/** The answer to one check: what was expected, what was measured, and the first evidence. */
export interface Finding {
  /** A `CheckId`, or what older findings call a check that is not known here. */
  readonly check: string;
  /** Its subject, such as a disruption, where a check is asked once per subject. */
  readonly of?: string;
  readonly verdict: Verdict;
  /** It could not be asked here, because of a limit of the host that was probed. */
  readonly skipped?: true;
  /** When a doubt arose: before the fault, a run may be repeated; after it, never. Absent on a pass. */
  readonly arose?: 'before-fault' | 'after-fault';
  readonly expected: string;
  readonly measured: string;
  readonly evidence: readonly EvidenceLine[];
  /**
   * Where more of it lies: one of `lookRequests`, or a part of the arm's folder. Absent on a pass, where nothing was recorded,
   * and in findings from before it was noted.
   */
  readonly look?: string;
}

/** How a pod's name came to a request: the workload's own header, the DNAT that conntrack saw, the only candidate, none. */
export type PodBy = 'header' | 'conntrack' | 'inferred' | 'none';

export interface FailedRequest {
  readonly request: Request;
  readonly phase: Phase;
  readonly cause: Cause;
  readonly pod: string;
  readonly podBy: PodBy;
  /** One sentence: what happened, by how much, and what is missing. */
  readonly words: string;
  readonly evidence: readonly EvidenceLine[];
}

export type PodBarState = 'pending' | 'starting' | 'ready' | 'unready' | 'terminating';

/** A span of a lane; `to` is absent where it lasted to the end of the recording. */
export interface Span<State extends string = string> {
  readonly state: State;
  readonly from: Micros;
  readonly to?: Micros;
}

/** One pod through the arm. */
export interface PodLane {
  readonly pod: string;
  readonly node: string;
  readonly version: string;
  /** What Kubernetes says of it. */
  readonly bar: readonly Span<PodBarState>[];
  /** Its EndpointSlice endpoint. */
  readonly endpoint: readonly Span<'ready' | 'serving' | 'terminating' | 'unready'>[];
  /** From its own log: when its process listened. */
  readonly listening: readonly Span<'listening'>[];
  readonly sigterm?: Micros;
  readonly exit?: Micros;
  /** First and last moment at which it was routed to, by conntrack and by the rules of the client's node; absent where it never was. */
  readonly firstRouted?: Micros;
  readonly lastRouted?: Micros;
  /** Listener closed minus last routed: how much a terminated pod had to spare. Negative: too late. */
  readonly closeMarginMs?: Ms;
  /** First routed minus listening: how much a new pod had to spare. Negative: too early. */
  readonly listenMarginMs?: Ms;
  /** End of its grace period minus the end of its last request: how much a shutdown had to spare. Negative: too late. */
  readonly graceMarginMs?: Ms;
}

/** The smallest margin of an arm's pods. */
export interface PodMargin {
  /** Negative: missed by so much. */
  readonly smallestMs: Ms;
  readonly pod: string;
  /** When it was that close. */
  readonly at: Micros;
  /** How many pods had one. */
  readonly pods: number;
}

/** Healthy minus desired pods, where a disruption budget had the fewest to spare. Negative: it had too few. */
export interface BudgetMargin {
  readonly smallest: number;
  readonly healthy: number;
  readonly desired: number;
  readonly at: Micros;
}

/** How close it was. Each is absent where it was not measured. */
export interface Margins extends Partial<Readonly<Record<PodMarginKind, PodMargin>>> {
  readonly budget?: BudgetMargin;
}

/** Of how long successful answers took. One is absent where too few came to tell. */
export interface Percentiles {
  readonly p50Ms?: Ms;
  readonly p99Ms?: Ms;
}

/** One generator's successful answers: how long they took in the baseline, and how much longer than that from the fault on. */
export interface AddedLatency {
  readonly gen: string;
  readonly conn: string;
  readonly baseline: Percentiles;
  /** Added in the fault phase, and in the tail. Negative: they were faster. */
  readonly fault: Percentiles;
  readonly tail: Percentiles;
}

/** How few there were at an instant, and when that was first so. */
export interface Fewest {
  readonly count: number;
  readonly at: Micros;
}

/** How many replicas ran in one domain at an instant, and when that was first so. */
export interface Together {
  readonly domain: string;
  readonly count: number;
  readonly at: Micros;
}

/** From the first loss, of a request or of a ready endpoint, until there are as many endpoints as before and requests are answered. */
export interface Recovery {
  readonly from: Micros;
  /** What was lost first, and what was back last. */
  readonly first: 'endpoints' | 'requests';
  readonly last: 'endpoints' | 'requests';
  /** Absent where `last` was not back when the arm ended. */
  readonly to?: Micros;
}

/** What was measured beside the failed requests, whether or not anything of it was demanded. */
export interface Measures {
  readonly latency: readonly AddedLatency[];
  /** From baseline to the end of the fault. Absent where nothing was watched. */
  readonly fewest: { readonly [kind in EndpointKind]?: Fewest };
  /** The most, from the fault on. Absent where no label that was recorded says in which domain a node stands. */
  readonly together: { readonly [over in TopologyDomain]?: Together };
  /** Absent where nothing was lost. */
  readonly recovery?: Recovery;
}

/** `cut off` by a disruption of its network; `not heard of` where nobody can say why it gave no sign of life. */
export type NodeOutageState = 'powered off' | 'frozen' | 'cut off' | 'not heard of';

export interface NodeLane {
  readonly node: string;
  /** What the API says of it. */
  readonly spans: readonly Span<'ready' | 'not-ready' | 'unknown' | 'cordoned'>[];
  /** When it did not run, as the engine said; or ran and gave no sign of life, from when the API server last heard of it. */
  readonly outages: readonly Span<NodeOutageState>[];
  /** The disruptions that took it, by their ids. */
  readonly takenBy: readonly string[];
}

/** One injection, from the note of its intent until it was undone, or else to the end of the fault phase. */
export interface DisruptionSpan {
  readonly id: string;
  readonly fault: string;
  /** Which event of the real world the fault stands for; empty where the recording does not say. */
  readonly faithfulTo: string;
  readonly from: Micros;
  readonly to: Micros;
  /** When its witness had seen enough, and what; absent where it never had. */
  readonly landed?: { readonly at: Micros; readonly saw: string };
}

/** What the Eviction API answered to one request. */
export interface Eviction extends EvictionAnswer {
  readonly at: Micros;
  readonly pod: string;
}

/** A PodDisruptionBudget over time, at each change of its status. */
export interface BudgetLane {
  readonly budget: string;
  readonly changes: readonly (BudgetState & { readonly at: Micros })[];
}

/** A pod that the scheduler found no node for, and why, when it first said so. */
export interface Unscheduled {
  readonly at: Micros;
  readonly pod: string;
  readonly reason: string;
}

/** Counts in one slice of time. */
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
  /** 99th percentile of start − due. */
  readonly lateP99Ms: Ms;
  readonly retried: number;
}

/** What the reports draw of an arm. */
export interface ArmStory {
  /** The moment that the time axis calls 0: the first injection, or the start of the fault phase. */
  readonly zero: Micros;
  readonly phases: { readonly [phase in Phase]: { readonly from: Micros; readonly to: Micros } };
  readonly bucketMs: Ms;
  /** None where the arm had no traffic. */
  readonly buckets: readonly Bucket[];
  /**
   * The longest time in which requests were sent and none was answered: from the first of them to the last. `conn`: so it
   * was on connections of one kind alone, while others were answered.
   */
  readonly silence?: { readonly from: Micros; readonly to: Micros; readonly conn?: Connection };
  /** Where the loss is bounded: the window in which the greatest share of the requests failed. */
  readonly worstWindow?: { readonly from: Micros; readonly to: Micros; readonly share: number };
  readonly disruptions: readonly DisruptionSpan[];
  readonly pods: readonly PodLane[];
  readonly nodes: readonly NodeLane[];
  readonly apiServer: readonly Span<'ready' | 'down'>[];
  readonly evictions: readonly Eviction[];
  readonly budgets: readonly BudgetLane[];
  readonly unscheduled: readonly Unscheduled[];
  /** The replicas that ran when the fault phase ended, by node. */
  readonly placement: readonly { readonly node: string; readonly pods: readonly string[] }[];
  /** Number of ready endpoints over time, at each change. */
  readonly readyEndpoints: readonly { readonly at: Micros; readonly ready: number; readonly terminating: number }[];
}

/** How far the disruptions of an arm met its traffic. */
export interface ArmExposure {
  /** Pods that they took, or were to take; all that were ready if they take none. */
  readonly pods: number;
  /** Of these, those that requests of each kind had met, and could meet when they were taken. */
  readonly exposed: number;
  /** Kept-alive connections that were open to these pods when each was taken. Absent if none were planned. */
  readonly connections?: number;
  /** Requests that were sent in the second after any of them was taken. */
  readonly requests: number;
  /** How long these seconds are together: those of pods that went at once are one. */
  readonly riskyMs: Ms;
}

export interface ArmFindings {
  readonly name: string;
  /** The arm that this one runs once more. */
  readonly repeats?: string;
  readonly role: Role;
  readonly says: string;
  readonly verdict: Verdict;
  readonly expect: Expectation;
  /** The expectation in words. */
  readonly expected: string;
  readonly measured: string;
  readonly findings: readonly Finding[];
  /** Requests after warm-up. `byCause` sums to `failed`. */
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
  /** In order of their start; at most `failuresKept` of them, first and last of each cause always among them, others spread over all. */
  readonly failures: readonly FailedRequest[];
  readonly margins?: Margins;
  /** Absent in findings from before it was measured, and of an arm that left no recording. */
  readonly measures?: Measures;
  /** What a pass of this arm alone bounds; empty where it bounds nothing. */
  readonly strength?: string;
  /** Absent if nothing was done to the workload, or nothing was sent to it; and in findings from before it was measured. */
  readonly exposure?: ArmExposure;
  readonly story?: ArmStory;
}

/** What no other recording may share: its id, its pods, and on one cluster its time, from warm-up to the end of the tail. */
export interface RecordedAs {
  readonly from: Micros;
  readonly to: Micros;
  readonly podUids: readonly string[];
  /** Absent in recordings that do not say. */
  readonly id?: string;
  /** What it is part of. Absent in recordings that do not say. */
  readonly origin?: RecordingOrigin;
}

/** What a recording says it is part of: see `ArmFile`. */
export interface RecordingOrigin {
  readonly run: string;
  readonly experiment: string;
  readonly cluster: string;
  readonly profile: string;
}

export interface ExperimentFindings {
  readonly name: string;
  /** Its name, and a digest of what it asks and does. Absent in findings from before it was noted. */
  readonly identity?: string;
  readonly title: string;
  readonly question: string;
  readonly verdict: Verdict;
  /** One sentence that a person can repeat. */
  readonly sentence: string;
  /** What the pass bounds: clean disruptions and, with traffic, clean requests, each with its bound. */
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
