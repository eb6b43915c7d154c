/** The vocabulary of experiments, as the package `holdfast` exports it: all that an experiment may import. */

import type { Cause } from './model/cause.ts';
import type {
  Demand,
  Disruption,
  DisruptionEvent,
  EndpointKind,
  Expectation,
  Experiment,
  FaultSpec,
  PodMarginKind,
  TopologyDomain,
  TrafficSettings,
  Until,
  When,
} from './model/experiment.ts';
import { type Ms, seconds } from './model/units.ts';
import { checkExperiment } from './run/check-experiment.ts';

export { specimen } from '../experiments/workloads/specimen.ts';
export type { Cause } from './model/cause.ts';
export type {
  ArmSpec,
  Budget,
  Demand,
  Disruption,
  DisruptionEvent,
  EndpointKind,
  Expectation,
  Experiment,
  FaultSpec,
  KubernetesManifest,
  PhaseSettings,
  PodMarginKind,
  Role,
  TopologyDomain,
  TrafficSettings,
  Until,
  When,
  Workload,
  WorkloadPlace,
  WorkloadSettings,
} from './model/experiment.ts';
export type { Ms } from './model/units.ts';
export { UsageError } from './model/usage-error.ts';
export * from './record/fault/faults.ts';
export { seconds };

/**
 * Checks an experiment where it is written: its fields, and that each arm can show what its role is there for. Throws
 * `UsageError` if one cannot. Importing it does nothing else.
 */
export function experiment(value: Experiment): Experiment {
  checkExperiment(value);
  return value;
}

/**
 * Fresh and kept-alive connections side by side, at constant arrival rates. Unless told, a request ends after 2 s, and comes
 * from the control plane's node; `worker` where that node is to be hurt.
 */
export const steadyTraffic = (
  what: Pick<TrafficSettings, 'freshPerSecond' | 'keptAlivePerSecond'> & Partial<TrafficSettings>,
): TrafficSettings => ({
  timeoutMs: seconds(2),
  from: 'control-plane',
  ...what,
});

/** Not one request may fail. */
export const noLoss = (): Expectation => ({ kind: 'no-loss' });

/** At least so many requests must fail for one of these causes: shows that the experiment can see the loss. */
export const loss = (what: { readonly atLeast: number; readonly causes: readonly Cause[] }): Expectation => ({
  kind: 'loss',
  ...what,
});

/** Nobody answers for at least so long. */
export const outage = (what: { readonly atLeastMs: Ms; readonly causes: readonly Cause[] }): Expectation => ({
  kind: 'outage',
  ...what,
});

/** What a lost node may cost: at most half of the requests of any 5 s, never a whole second, and nothing once its rules are gone. */
export const lossOfANode = (): Expectation => ({
  kind: 'bounded-loss',
  causes: ['node-down', 'lost-with-its-node', 'stale-conntrack'],
  afterwards: ['stale-conntrack'],
  windowMs: seconds(5),
  shareAtMost: 0.5,
});

/** When the fault is over, the running replicas stand on so many nodes. */
export const onNodes = (atLeast: number, atMost = atLeast): Expectation => ({
  kind: 'placement',
  nodesAtLeast: atLeast,
  nodesAtMost: atMost,
});

/** At every instant so many endpoints are ready; or serve, or are alive, where that is asked. */
export const readyEndpointsAtLeast = (atLeast: number, of?: EndpointKind): Demand => ({
  kind: 'ready-endpoints',
  atLeast,
  ...(of !== undefined && { of }),
});
/** So soon after the first loss as many endpoints are ready as before, and requests are answered again. */
export const recoversWithin = (ms: Ms): Demand => ({ kind: 'recovery', withinMs: ms });
export const evictionsRefusedAtLeast = (atLeast: number): Demand => ({ kind: 'evictions-refused', atLeast });
export const evictionsAllowedAtMost = (atMost: number): Demand => ({ kind: 'evictions-allowed', atMost });
export const unschedulable = (what: { readonly atLeast: number; readonly because: string }): Demand => ({
  kind: 'unschedulable',
  ...what,
});
/** So many replicas are ready in the end; where a version is named, of that one. */
export const runningAtEnd = (atLeast: number, version?: string): Demand => ({
  kind: 'running-at-end',
  atLeast,
  ...(version !== undefined && { version }),
});
/** From the fault on so many replicas may run on one node, or in one zone or rack, at any instant. */
export const togetherAtMost = (atMost: number, over: TopologyDomain): Demand => ({ kind: 'together', over, atMost });
/** From the fault on answers may take so much longer than in the baseline, fresh and kept-alive alike, at a percentile: 50, 99. */
export const addedLatencyAtMost = ({ percentile, ms }: { readonly percentile: number; readonly ms: Ms }): Demand => ({
  kind: 'added-latency',
  percentile,
  atMostMs: ms,
});
/** No pod may have less to spare: closing its listener, being routed to, or ending its last request. */
export const marginAtLeast = (of: PodMarginKind, atLeastMs: Ms): Demand => ({ kind: 'margin', of, atLeastMs });
/** Left until so many endpoints are ready again without its being healed. */
export const untilReady = (readyAtLeast: number): Until => ({ readyAtLeast });
export const lasting = (ms: Ms): Until => ({ ms });
/** Left until another disruption got so far, such as `untilEvent('drain', 'healed')`, and for a while longer if told. */
export const untilEvent = (after: string, event: DisruptionEvent, delayMs: Ms = 0): Until => ({
  after,
  event,
  delayMs,
});

/** One injection of a fault (`./holdfast list faults`), when the fault phase begins unless told. */
export const disruption = (
  what: Pick<Disruption, 'id' | 'until' | 'limitMs'> & { readonly fault: FaultSpec; readonly when?: When },
): Disruption => ({ when: { atMs: 0 }, ...what });
