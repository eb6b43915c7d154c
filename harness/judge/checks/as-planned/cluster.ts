import { desiredHealthy, type Facts, factsOf } from '../../../model/facts.ts';
import type { EvidenceLine } from '../../../model/finding.ts';
import type { ArmPlan } from '../../../model/plan.ts';
import type { Micros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../evidence/arm-evidence.ts';
import { count, counted } from '../../words.ts';

/** Replicas and disruption budget as they stood in the cluster are those of the plan. */
export function clusterAsPlanned(evidence: ArmEvidence): EvidenceLine[] {
  const facts = factsOf(evidence.plan);
  return [...replicasOf(evidence, facts), ...endpointsBefore(evidence, facts), ...budgetOf(evidence, facts)];
}

const scales = ({ disruptions }: ArmPlan): boolean => disruptions.some(({ fault }) => fault.name === 'scale');

/** When anything was first done to the workload; the start of the fault phase where nothing was. */
const begun = ({ timeline, phases }: ArmEvidence): Micros =>
  timeline.faults.find(({ step }) => step === 'intent')?.at ?? phases.fault.from;

/** What the Deployment wanted, and had at most, from the baseline on. */
function replicasOf(evidence: ArmEvidence, { replicas, strategy }: Facts): EvidenceLine[] {
  const { plan, timeline, phases } = evidence;
  const until = scales(plan) ? begun(evidence) : phases.tail.to;
  const most = replicas + (strategy.type === 'RollingUpdate' ? strategy.maxSurge : 0);
  return [...timeline.deployments].flatMap(([name, states]) => {
    const first = states.findLastIndex(({ at }) => at <= phases.baseline.from);
    const judged = states.slice(Math.max(first, 0)).filter(({ at }) => at <= until);
    const other = judged.find(({ state }) => state.desired !== replicas);
    const many = judged.find(({ state }) => state.replicas > most);
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

/** As many ready endpoints as replicas until anything is done. One pod may be in two slices. */
function endpointsBefore(evidence: ArmEvidence, { replicas }: Facts): EvidenceLine[] {
  const { from } = evidence.phases.baseline;
  const odd = evidence.timeline.endpoints
    .during(from, begun(evidence))
    .find(({ ready }) => new Set(ready).size !== replicas);
  if (!odd) return [];
  const ready = counted(new Set(odd.ready).size, 'ready endpoint');
  return [{ at: Math.max(odd.at, from), text: `${ready} before anything was done, planned ${count(replicas)}` }];
}

/** The budget's status shows what it asks for, and of how many pods. */
function budgetOf(evidence: ArmEvidence, { budget, replicas }: Facts): EvidenceLine[] {
  const { timeline, phases } = evidence;
  const statuses = timeline.budgets.during(phases.baseline.from, phases.tail.to);
  const [first] = statuses;
  if (!budget) return first ? [{ at: first.at, text: 'a disruption budget stood, and none was planned' }] : [];
  const wants = statuses.find(({ state }) => state.desiredHealthy !== desiredHealthy(budget, state.expectedPods));
  const expects = timeline.budgets
    .during(phases.baseline.from, begun(evidence))
    .find(({ at, state }) => at < begun(evidence) && state.expectedPods !== replicas);
  return [
    ...(wants
      ? [
          {
            at: wants.at,
            text: `the budget wanted ${count(wants.state.desiredHealthy)} of ${counted(wants.state.expectedPods, 'pod')} healthy, planned ${count(desiredHealthy(budget, wants.state.expectedPods))}`,
          },
        ]
      : []),
    ...(expects
      ? [
          {
            at: expects.at,
            text: `the budget expected ${counted(expects.state.expectedPods, 'pod')}, planned ${count(replicas)}`,
          },
        ]
      : []),
  ];
}
