import type { Json, Micros } from '../model/units.ts';
import { namesIn, planOf } from './checks/as-planned/parameters.ts';
import type { PhaseTimes } from './timeline/phases.ts';
import type { PodHistory } from './timeline/pod-history.ts';
import type { FaultStep, Timeline } from './timeline/timeline.ts';

/** A pod that a disruption took, or was to take, from its Service. */
export interface TakenPod {
  readonly pod: PodHistory;
  /** When it was first seen to be disturbed; if it never was, when the disruption that aims at it began. */
  readonly at: Micros;
}

/** Faults that keep requests from pods while these stay as they are. */
const cutsOff: ReadonlySet<string> = new Set([
  'node-partition',
  'network-card-down',
  'network-delay',
  'network-policy',
  'cpu-burn',
]);

/** When a pod was first an endpoint that was ready, or ready by its own state; undefined if it never was. */
export function readySince(pod: PodHistory): Micros | undefined {
  const first = [...pod.endpoint.spans(), ...pod.bar.spans()].filter(({ state }) => state === 'ready');
  return first.length > 0 ? Math.min(...first.map(({ from }) => from)) : undefined;
}

/**
 * The pods that disruptions took, by what observers saw from the first intent to the end of the fault phase, and those that
 * a fault's plan names; if there is none, all pods that were ready at the first intent. A pod that was never ready before is none: no client could be routed to it.
 */
export function takenPods(timeline: Timeline, phases: PhaseTimes): TakenPod[] {
  const since = timeline.faults.find(({ step }) => step === 'intent')?.at;
  if (since === undefined) return [];
  const aims = aimsOf(timeline);
  const all = [...timeline.pods.values()];
  const taken = all.flatMap((pod): TakenPod[] => {
    const ready = readySince(pod);
    if (ready === undefined) return [];
    const aimed = aims.find((aim) => aim.at >= ready && aim.hits(pod));
    const seen = disturbances(pod, timeline).filter((at) => at >= since && at <= phases.fault.to && at > ready);
    const first = seen.length > 0 ? Math.min(...seen) : undefined;
    const at = aimed?.atOnce ? Math.min(aimed.at, first ?? aimed.at) : (first ?? aimed?.at);
    return at === undefined ? [] : [{ pod, at }];
  });
  return taken.length > 0 ? taken : readyAt(since, all).map((pod) => ({ pod, at: since }));
}

/** Pods that were ready by a moment. */
export const readyAt = (moment: Micros, pods: readonly PodHistory[]): PodHistory[] =>
  pods.filter((pod) => (readySince(pod) ?? Number.POSITIVE_INFINITY) <= moment);

/** What keeps requests from a pod, as it was seen. */
function disturbances(pod: PodHistory, { outages }: Timeline): Micros[] {
  const { terminating, gone, ends, node, bar, endpoint } = pod;
  const left = (spans: readonly { readonly state: string; readonly to?: Micros }[]) =>
    spans.flatMap(({ state, to }) => (state === 'ready' && to !== undefined ? [to] : []));
  return [
    ...[terminating, gone].filter((at) => at !== undefined),
    ...ends.map(({ at }) => at),
    ...outages.all.filter((outage) => outage.node === node).map(({ from }) => from),
    ...left(bar.spans()),
    ...left(endpoint.spans()),
  ];
}

interface Aim {
  readonly at: Micros;
  /** Whether it reaches them as soon as it is done. */
  readonly atOnce: boolean;
  readonly hits: (pod: PodHistory) => boolean;
}

/** What the plans of faults say that they will take. */
const aimsOf = ({ faults }: Timeline): Aim[] =>
  faults.filter(({ step }) => step === 'intent').map((step) => aimOf(step));

function aimOf(step: FaultStep): Aim {
  const { at, data } = step;
  const { fault } = (data ?? {}) as { fault?: Json };
  const plan = planOf(step);
  const names = new Set([...namesIn(plan.oldPods), ...namesIn(plan.pods), ...namesIn([plan.pod ?? null])]);
  const atOnce = typeof fault === 'string' && cutsOff.has(fault);
  const nodes = new Set(atOnce ? namesIn(plan.nodes) : []);
  return { at, atOnce, hits: ({ name, node }) => names.has(name) || nodes.has(node) };
}
