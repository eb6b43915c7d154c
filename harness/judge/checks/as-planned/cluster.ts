import { desiredHealthy, type Facts, rollingLimits } from '../../../model/facts.ts';
import type { EvidenceLine } from '../../../model/finding.ts';
import { count, counted } from '../../../model/number-words.ts';
import type { ArmPlan } from '../../../model/plan.ts';
import { type Micros, msToMicros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { countsOurPods, plannedBudgets } from '../../evidence/planned-budgets.ts';
import type { OwnerHistory } from '../../timeline/timeline.ts';

/** Compares the replicas and the disruption budgets in the cluster with the plan. */
export function clusterAsPlanned(evidence: ArmEvidence): EvidenceLine[] {
  const { facts } = evidence.plan.workload;
  return [
    ...replicasOf(evidence, facts),
    ...endpointsBefore(evidence, facts),
    ...budgetsOf(evidence, facts),
    ...graceOf(evidence, facts),
  ];
}

const scales = ({ disruptions }: ArmPlan): boolean => disruptions.some(({ fault }) => fault.name === 'scale');

/** When the first disruption began; the start of the fault phase if there is none. */
const begun = ({ timeline, phases }: ArmEvidence): Micros =>
  timeline.faults.find(({ step }) => step === 'intent')?.at ?? phases.fault.from;

/**
 * The Deployment’s status sums up two ReplicaSets and learns of them one after the other. It showed 5 of at most 4
 * replicas for 0.2 ms.
 */
const sumsUpWithin: Micros = msToMicros(1000);

/** How many replicas the owner wanted, and how many it had at most, from the baseline on. */
function replicasOf(evidence: ArmEvidence, facts: Facts): EvidenceLine[] {
  const { plan, timeline, phases } = evidence;
  const until = scales(plan) ? begun(evidence) : phases.tail.to;
  const { replicas } = facts;
  const most = replicas + (rollingLimits(facts)?.maxSurge ?? 0);
  return ownersUnderTest(timeline).flatMap(({ name, states }) => {
    const first = states.findLastIndex(({ at }) => at <= phases.baseline.from);
    const judged = states.slice(Math.max(first, 0)).filter(({ at }) => at <= until);
    const other = judged.find(({ state }) => state.desired !== replicas);
    const many = judged.find(({ at, state }, index) => {
      const fewer = judged.slice(index).find((later) => later.state.replicas <= most);
      return state.replicas > most && (fewer?.at ?? until) - at > sumsUpWithin;
    });
    return [
      ...(other
        ? [
            {
              at: other.at,
              text: `${name} wanted ${counted(other.state.desired, 'replica')}, planned ${count(replicas)}`,
            },
          ]
        : []),
      ...(many
        ? [
            {
              at: many.at,
              text: `${name} had ${count(many.state.replicas)} replicas, and at most ${count(most)} were planned`,
            },
          ]
        : []),
    ];
  });
}

/** A namespace may hold other owners, such as a dependency. Pod names begin with the name of their owner. */
function ownersUnderTest(timeline: ArmEvidence['timeline']): readonly OwnerHistory[] {
  const all = timeline.owners();
  const own = all.filter(({ name }) => [...timeline.pods.values()].some((pod) => pod.name.startsWith(`${name}-`)));
  return own.length > 0 ? own : all;
}

/** Until the first disruption there are as many ready endpoints as replicas. One pod may be in two slices. */
function endpointsBefore(evidence: ArmEvidence, { replicas }: Facts): EvidenceLine[] {
  const { from } = evidence.phases.baseline;
  const odd = evidence.timeline.endpoints
    .during(from, begun(evidence))
    .find(({ ready }) => new Set(ready).size !== replicas);
  if (!odd) return [];
  const ready = counted(new Set(odd.ready).size, 'ready endpoint');
  return [{ at: Math.max(odd.at, from), text: `${ready} before anything was done, planned ${count(replicas)}` }];
}

/**
 * The grace period that a pod’s deletion granted. 0 means that the API does not wait for the pod, as in a forced
 * deletion.
 */
function graceOf({ timeline }: ArmEvidence, { grace: planned }: Facts): EvidenceLine[] {
  const other = [...timeline.pods.values()].find(
    ({ graceSeconds = 0 }) => graceSeconds !== 0 && graceSeconds !== planned,
  );
  if (other?.terminating === undefined) return [];
  return [{ at: other.terminating, text: `${other.name} got ${other.graceSeconds} s to end, planned ${planned} s` }];
}

/** Compares the statuses of budgets with the planned budgets and number of pods. */
function budgetsOf(evidence: ArmEvidence, { replicas }: Facts): EvidenceLine[] {
  const { timeline, phases, plan } = evidence;
  const planned = plannedBudgets(plan.workload);
  const statuses = timeline.budgets.during(phases.baseline.from, phases.tail.to);
  return [...new Set(statuses.map(({ name }) => name))].flatMap((name): EvidenceLine[] => {
    const own = statuses.filter((status) => status.name === name);
    const budget = planned.get(name);
    if (!budget) {
      const text =
        planned.size === 0
          ? 'a disruption budget stood, and none was planned'
          : `the disruption budget ${name} stood, and was not planned`;
      return [{ at: own[0]?.at ?? phases.baseline.from, text }];
    }
    const words = planned.size === 1 ? 'the budget' : `the budget ${name}`;
    const wants = own.find(({ state }) => state.desiredHealthy !== desiredHealthy(budget, state.expectedPods));
    const expects = countsOurPods(budget)
      ? own.find(({ at, state }) => at < begun(evidence) && state.expectedPods !== replicas)
      : undefined;
    return [
      ...(wants
        ? [
            {
              at: wants.at,
              text: `${words} wanted ${count(wants.state.desiredHealthy)} of ${counted(wants.state.expectedPods, 'pod')} healthy, planned ${count(desiredHealthy(budget, wants.state.expectedPods))}`,
            },
          ]
        : []),
      ...(expects
        ? [
            {
              at: expects.at,
              text: `${words} expected ${counted(expects.state.expectedPods, 'pod')}, planned ${count(replicas)}`,
            },
          ]
        : []),
    ];
  });
}
