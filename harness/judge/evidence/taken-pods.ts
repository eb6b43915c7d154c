import type { Json, Micros } from '../../model/units.ts';
import { namesIn, planOf } from '../timeline/fault-plan.ts';
import type { PhaseTimes } from '../timeline/phases.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** A pod that a disruption took, or should have taken, from its Service. */
export interface TakenPod {
  readonly pod: PodHistory;
  /** When the disturbance was first seen; otherwise when the disruption began that targets the pod. */
  readonly at: Micros;
}

/** Faults that keep requests away from pods without changing the pods’ state. */
const cutsOff: ReadonlySet<string> = new Set([
  'node-partition',
  'network-card-down',
  'network-delay',
  'network-policy',
  'cpu-burn',
]);

/** When a pod was first ready, as an endpoint or by its own state; undefined if never. */
export function readySince(pod: PodHistory): Micros | undefined {
  const first = [...pod.endpoint.spans(), ...pod.bar.spans()].filter(({ state }) => state === 'ready');
  return earliest(first.map(({ from }) => from));
}

/**
 * The pods that disruptions took: those that observers saw disturbed between the first intent and the end of the fault
 * phase, and those that a fault’s plan names. If there are none, all pods that were ready at the first intent. Pods
 * that were never ready before do not count, because no client could be routed to them.
 */
export function takenPods(timeline: Timeline, phases: PhaseTimes): TakenPod[] {
  const since = timeline.faults.find(({ step }) => step === 'intent')?.at;
  if (since === undefined) return [];
  const aims = aimsOf(timeline);
  const outages = outagesByNode(timeline);
  const all = [...timeline.pods.values()];
  const taken = all.flatMap((pod): TakenPod[] => {
    const ready = readySince(pod);
    if (ready === undefined) return [];
    const cut =
      aims.atNode.get(pod.node)?.find((at) => at >= ready) ?? aims.cutPod.get(pod.name)?.find((at) => at >= ready);
    const named = aims.atPod.get(pod.name)?.find((at) => at >= ready);
    const isSeen = (at: Micros) => at >= since && at <= phases.fault.to && at > ready;
    const off = outages.get(pod.node)?.find(isSeen);
    const seen = [...disturbances(pod).filter(isSeen), off, cut].filter((at) => at !== undefined);
    const first = earliest(seen) ?? named;
    return first === undefined ? [] : [{ pod, at: first }];
  });
  return taken.length > 0 ? taken : readyAt(since, all).map((pod) => ({ pod, at: since }));
}

/** The pods that were ready by a moment. */
export const readyAt = (moment: Micros, pods: readonly PodHistory[]): PodHistory[] =>
  pods.filter((pod) => (readySince(pod) ?? Number.POSITIVE_INFINITY) <= moment);

const earliest = (moments: readonly Micros[]): Micros | undefined =>
  moments.reduce<Micros | undefined>((first, at) => (first === undefined || at < first ? at : first), undefined);

/** The times at which the pod was seen to become unavailable. */
function disturbances({ terminating, gone, ends, hasSidecars, bar, endpoint }: PodHistory): Micros[] {
  const left = (spans: readonly { readonly state: string; readonly to?: Micros }[]) =>
    spans.flatMap(({ state, to }) => (state === 'ready' && to !== undefined ? [to] : []));
  return [
    ...[terminating, gone].filter((at) => at !== undefined),
    // With several containers, only the pod’s log shows which one listens, and it is read later. If that container
    // ends, the pod is not ready.
    ...(hasSidecars ? [] : ends.map(({ at }) => at)),
    ...left(bar.spans()),
    ...left(endpoint.spans()),
  ];
}

/** When each node was seen to go down or freeze. */
function outagesByNode({ outages }: Timeline): Map<string, Micros[]> {
  const byNode = new Map<string, Micros[]>();
  for (const { node, from } of outages.all) listIn(byNode, node).push(from);
  return byNode;
}

function listIn<Item>(lists: Map<string, Item[]>, key: string): Item[] {
  const known = lists.get(key) ?? [];
  lists.set(key, known);
  return known;
}

/** When faults began whose plans name a pod or its node. */
interface Aims {
  readonly atPod: Map<string, Micros[]>;
  /** The start of faults that cut the pod off at once. */
  readonly cutPod: Map<string, Micros[]>;
  readonly atNode: Map<string, Micros[]>;
}

function aimsOf({ faults }: Timeline): Aims {
  const aims: Aims = { atPod: new Map(), cutPod: new Map(), atNode: new Map() };
  for (const step of faults) {
    if (step.step !== 'intent') continue;
    const { fault } = (step.data ?? {}) as { fault?: Json };
    const plan = planOf(step);
    const cuts = typeof fault === 'string' && cutsOff.has(fault);
    for (const name of [...namesIn(plan.oldPods), ...namesIn(plan.pods), ...namesIn([plan.pod ?? null])])
      listIn(cuts ? aims.cutPod : aims.atPod, name).push(step.at);
    for (const node of cuts ? namesIn(plan.nodes) : []) listIn(aims.atNode, node).push(step.at);
  }
  return aims;
}
