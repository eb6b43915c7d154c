import type { FaultSpec } from '../model/experiment.ts';
import type {
  ArmStory,
  DisruptionSpan,
  Eviction,
  NodeLane,
  NodeOutageState,
  Span,
  Unscheduled,
} from '../model/finding.ts';
import { cardDown, cutOff } from '../witness/partition.ts';
import { witnessOf } from '../witness/witnesses.ts';
import type { ArmEvidence } from './arm/arm-evidence.ts';
import { replicasByNode } from './measures/replicas-by-node.ts';
import type { Timeline } from './timeline/timeline.ts';

type ClusterStory = Pick<
  ArmStory,
  'disruptions' | 'nodes' | 'apiServer' | 'evictions' | 'budgets' | 'unscheduled' | 'placement'
>;

/** The disruptions, and what the API, the container engine and the scheduler reported meanwhile. */
export const clusterStoryOf = (evidence: ArmEvidence): ClusterStory => ({
  disruptions: disruptions(evidence),
  nodes: nodes(evidence),
  apiServer: evidence.timeline.apiServer.spans(),
  evictions: evidence.timeline.evictions.map(({ at, name: pod, state }): Eviction => {
    const { disruption, node, code, message } = state;
    return { at, pod, disruption, node, code, message };
  }),
  budgets: evidence.timeline.budgets.lanes(),
  unscheduled: unscheduled(evidence),
  placement: [...replicasByNode(evidence)].map(([node, pods]) => ({ node, pods: pods.map(({ name }) => name) })),
});

function disruptions({ plan, timeline, landings, phases }: ArmEvidence): DisruptionSpan[] {
  return plan.disruptions.flatMap(({ id, fault }) => {
    const own = timeline.faults.filter((step) => step.id === id);
    const intent = own.find(({ step }) => step === 'intent');
    if (!intent) return [];
    const { faithfulTo } = (intent.data ?? {}) as { faithfulTo?: unknown };
    const landed = landings.of(id)?.landed;
    return {
      id,
      fault: fault.name,
      faithfulTo: typeof faithfulTo === 'string' ? faithfulTo : '',
      from: intent.at,
      to: own.find(({ step }) => step === 'healed')?.at ?? phases.fault.to,
      ...(landed && { landed }),
    };
  });
}

function nodes({ plan, timeline, landings }: ArmEvidence): NodeLane[] {
  const taken = plan.disruptions.map(({ id, fault }) => ({ id, fault, nodes: landings.of(id)?.nodes ?? [] }));
  const isCutOff = (node: string) =>
    taken.some(({ id, fault, nodes }) => nodes.includes(node) && cutsOff(fault) && landings.of(id)?.landed);
  return [...timeline.nodes()].map(([node, spans]) => ({
    node,
    spans,
    outages: [
      ...engineOutages(timeline, node),
      ...silences(timeline, node, isCutOff(node) ? 'cut off' : 'not heard of'),
    ].sort((one, other) => one.from - other.from),
    takenBy: taken.filter((disruption) => disruption.nodes.includes(node)).map(({ id }) => id),
  }));
}

const engineOutages = ({ outages }: Timeline, node: string): Span<NodeOutageState>[] =>
  outages.all
    .filter((outage) => outage.node === node)
    .map(({ how, from, to }) => ({ state: how, from, ...(to !== undefined && { to }) }));

const cutsOff = ({ name }: FaultSpec): boolean => {
  const witness: unknown = witnessOf(name);
  return witness === cutOff || witness === cardDown;
};

/** Times in which the node gave no sign of life although it ran, by the container engine. */
const silences = ({ leases, outages, last }: Timeline, node: string, state: NodeOutageState): Span<NodeOutageState>[] =>
  leases
    .of(node)
    .filter(({ from, to = last }) => !outages.during(node, from, to))
    .map((silence) => ({ state, ...silence }));

/** The scheduler repeats its events, so each pod and reason is listed once. */
function unscheduled({ timeline }: ArmEvidence): Unscheduled[] {
  const found = new Map<string, Unscheduled>();
  for (const { at, name: pod, state } of timeline.kubernetesEvents) {
    const { reason, message } = state;
    const key = `${pod} ${message}`;
    if (reason === 'FailedScheduling' && !found.has(key)) found.set(key, { at, pod, reason: message });
  }
  return [...found.values()];
}
