/** The vocabulary of experiments, exported as the package `holdfast`. An experiment needs no other import. */

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

export { type SpecimenOptions, specimen } from '../experiments/workloads/specimen.ts';
export { ablation } from './guarantees/ablation.ts';
export { antiAffinity } from './guarantees/anti-affinity.ts';
export { budget } from './guarantees/budget.ts';
export { having, without } from './guarantees/changes.ts';
export { grace } from './guarantees/grace.ts';
export { minReadySeconds } from './guarantees/min-ready.ts';
export { preStop } from './guarantees/pre-stop.ts';
export { priority } from './guarantees/priority.ts';
export { liveness, readiness, startup } from './guarantees/probes.ts';
export { replicas } from './guarantees/replicas.ts';
export { resources } from './guarantees/resources.ts';
export { stopSignal } from './guarantees/stop-signal.ts';
export { strategy } from './guarantees/strategy.ts';
export { topologySpread } from './guarantees/topology-spread.ts';
export type { Cause } from './model/cause.ts';
export type { Change } from './model/change.ts';
export type {
  ArmSpec,
  Demand,
  Disruption,
  DisruptionEvent,
  EndpointKind,
  Expectation,
  Experiment,
  FaultSpec,
  LabConditions,
  PhaseSettings,
  PodMarginKind,
  Role,
  TopologyDomain,
  TrafficSettings,
  Until,
  When,
  Workload,
  WorkloadOption,
} from './model/experiment.ts';
export type { Facts } from './model/facts.ts';
export type { Manifest, Manifests } from './model/manifest.ts';
export type { Ms } from './model/units.ts';
export { UsageError } from './model/usage-error.ts';
export * from './record/fault/faults.ts';
export { seconds };

/**
 * Checks an experiment where it is defined: its fields, and whether each arm can do what its role requires. Throws
 * `UsageError` if not. Importing the file has no other effect.
 */
export function experiment(value: Experiment): Experiment {
  checkExperiment(value);
  return value;
}

/**
 * Fresh and kept-alive connections side by side, at constant arrival rates. By default a request times out after 2 s
 * and is sent from the control plane’s node. Set `from: 'worker'` if a fault disturbs that node.
 */
export const steadyTraffic = (
  what: Pick<TrafficSettings, 'freshPerSecond' | 'keptAlivePerSecond'> & Partial<TrafficSettings>,
): TrafficSettings => ({
  timeoutMs: seconds(2),
  from: 'control-plane',
  ...what,
});

/** No request may fail. */
export const noLoss = (): Expectation => ({ kind: 'no-loss' });

/**
 * At least this many requests must fail for one of these causes. This proves that the experiment can detect the loss.
 */
export const loss = (what: { readonly atLeast: number; readonly causes: readonly Cause[] }): Expectation => ({
  kind: 'loss',
  ...what,
});

/** No request is answered for at least this long. */
export const outage = (what: { readonly atLeastMs: Ms; readonly causes: readonly Cause[] }): Expectation => ({
  kind: 'outage',
  ...what,
});

/**
 * What the loss of a node may cost: at most half of the requests in any 5 s, never all requests of a full second, and
 * none once the rules to its endpoints are gone.
 */
export const lossOfANode = (): Expectation => ({
  kind: 'bounded-loss',
  causes: ['node-down', 'lost-with-its-node', 'stale-conntrack'],
  afterwards: ['stale-conntrack'],
  windowMs: seconds(5),
  shareAtMost: 0.5,
});

/** At the end of the fault phase the running replicas are on this many nodes. */
export const onNodes = (atLeast: number, atMost = atLeast): Expectation => ({
  kind: 'placement',
  nodesAtLeast: atLeast,
  nodesAtMost: atMost,
});

/** At every time at least this many endpoints are ready, or serving or alive if `of` says so. */
export const readyEndpointsAtLeast = (atLeast: number, of?: EndpointKind): Demand => ({
  kind: 'ready-endpoints',
  atLeast,
  ...(of !== undefined && { of }),
});
/** Within this time after the first loss, as many endpoints are ready as before and requests are answered again. */
export const recoversWithin = (ms: Ms): Demand => ({ kind: 'recovery', withinMs: ms });
export const evictionsRefusedAtLeast = (atLeast: number): Demand => ({ kind: 'evictions-refused', atLeast });
export const evictionsAllowedAtMost = (atMost: number): Demand => ({ kind: 'evictions-allowed', atMost });
export const unschedulable = (what: { readonly atLeast: number; readonly because: string }): Demand => ({
  kind: 'unschedulable',
  ...what,
});
/**
 * At the end this many replicas are ready: of any revision, of the one that pods had when the fault phase began
 * (`old`), or of another one (`new`).
 */
export const runningAtEnd = (atLeast: number, revision?: 'old' | 'new'): Demand => ({
  kind: 'running-at-end',
  atLeast,
  ...(revision !== undefined && { revision }),
});
/** From the fault on, at most this many replicas run in one topology domain (node, zone or rack) at any time. */
export const togetherAtMost = (atMost: number, over: TopologyDomain): Demand => ({ kind: 'together', over, atMost });
/**
 * From the fault on, answers on fresh and on kept-alive connections take at most this much longer than in the baseline,
 * at a percentile such as 50 or 99.
 */
export const addedLatencyAtMost = ({ percentile, ms }: { readonly percentile: number; readonly ms: Ms }): Demand => ({
  kind: 'added-latency',
  percentile,
  atMostMs: ms,
});
/**
 * No pod may have a smaller margin between the events of `of`, such as its last connection and the end of its listener.
 */
export const marginAtLeast = (of: PodMarginKind, atLeastMs: Ms): Demand => ({ kind: 'margin', of, atLeastMs });
/** The fault lasts until this many endpoints are ready again without its being undone. */
export const untilReady = (readyAtLeast: number): Until => ({ readyAtLeast });
export const lasting = (ms: Ms): Until => ({ ms });
/** The fault lasts until an event of another disruption, such as `untilEvent('drain', 'healed')`, plus a delay. */
export const untilEvent = (after: string, event: DisruptionEvent, delayMs: Ms = 0): Until => ({
  after,
  event,
  delayMs,
});

/** One injection of a fault (see `./holdfast list faults`), by default at the start of the fault phase. */
export const disruption = (
  what: Pick<Disruption, 'id' | 'until' | 'limitMs'> & { readonly fault: FaultSpec; readonly when?: When },
): Disruption => ({ when: { atMs: 0 }, ...what });
