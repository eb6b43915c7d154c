import type { EvidenceLine } from '../../model/finding.ts';
import { budgetInWords } from '../../model/in-words.ts';
import { count, counted, exactSeconds, listed } from '../../model/number-words.ts';
import type { ArmPlan, PlannedWorkload } from '../../model/plan.ts';
import { type Micros, microsToMs, msToMicros } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { countsOurPods, plannedBudgets } from '../evidence/planned-budgets.ts';
import { marginsOf } from '../measures/margins.ts';
import type { BudgetStatus } from '../timeline/budgets.ts';
import type { EndpointSet } from '../timeline/endpoints.ts';
import type { Answer, Check } from './check.ts';
import { isAllowed, isRefused, ownEvictions } from './evictions.ts';

/**
 * How late the disruption controller may learn that a pod is no longer healthy: 20 ms on a quiet lab. Evictions that
 * the API allows meanwhile may leave too few pods. Kubernetes’ budgets work this way, so it is only noted.
 */
const controllerLag: Micros = msToMicros(2000);
/** A watch may show what an answer relied on this far from the answer: 0.15 s before it was seen. */
const watchLate: Micros = msToMicros(500);

/** Faults that call the Eviction API. The answers to kubectl-drain are not recorded, so they prove nothing. */
const evicting: ReadonlySet<string> = new Set(['drain', 'evict', 'kubectl-drain']);

interface Eviction {
  readonly at: Micros;
  readonly pod: string;
}

/** An allowed eviction of a healthy pod, and what was known at that time. */
interface Allowed extends Eviction {
  readonly desired: number;
  /** Healthy pods that remained, counting what the controller may not have known yet. */
  readonly left: number;
  readonly believed: number;
}

/** Disruption budgets only limit evictions. They are not violated by replicas that are lost in another way. */
export const budgetRespected = ({ workload, disruptions, role }: ArmPlan): Check => ({
  id: 'budget-respected',
  ask(evidence): Answer {
    const budgets = plannedBudgets(workload);
    const expected = `no eviction beyond ${listed(workload.facts.budget.map(budgetInWords))}`;
    const { timeline, phases } = evidence;
    const { from } = phases.baseline;
    const statuses = timeline.budgets.during(from, phases.fault.to);
    const unwatched = [...budgets.keys()].filter((name) => !statuses.some((status) => status.name === name));
    const unseen = (measured: string): Answer => ({ verdict: 'inconclusive', expected, measured });
    if (unwatched.length > 0)
      return unseen(budgets.size === 1 ? 'the budget was not watched' : `not watched: ${listed(unwatched)}`);
    if (timeline.endpoints.during(from, phases.fault.to).length === 0) return unseen('the endpoints were not watched');

    const answers = ownEvictions(evidence);
    const [allowed, refused] = [answers.filter(isAllowed), answers.filter(isRefused)];
    if (allowed.length + refused.length === 0) {
      const wanted = role === 'treatment' && disruptions.some(({ fault }) => evicting.has(fault.name));
      const measured = `never exercised: ${budgets.size > 1 ? 'the Eviction API evicts no pod that several budgets select' : 'no eviction was seen'}`;
      return { verdict: wanted ? 'inconclusive' : 'pass', expected, measured };
    }
    const known = allowed.flatMap((eviction, index) => knownOf(eviction, allowed.slice(0, index), evidence) ?? []);
    const missed = known.find((eviction) => !wasSeen(eviction, evidence));
    if (missed) return unseen(`no watch saw that ${missed.pod} was evicted`);
    const counts = `${counted(allowed.length, 'eviction')} allowed, ${count(refused.length)} refused${closest(evidence)}`;
    const beyond = known.filter((each) => each.believed < each.desired || deniedByStatus(each, evidence));
    if (beyond.length > 0) {
      const verdict = role === 'treatment' ? 'fail' : 'inconclusive';
      const measured = `violated: ${counted(beyond.length, 'eviction')} too many; ${counts}`;
      return { verdict, expected, measured, evidence: beyond.map(line) };
    }
    const late = known.filter(({ left, desired }) => left < desired);
    const noted =
      late.length > 0 ? `; ${count(late.length)} within ${exactSeconds(microsToMs(controllerLag))} of a loss` : '';
    return {
      verdict: 'pass',
      expected,
      measured: `${allowed.length > 0 ? 'held' : 'blocked forever'}: ${counts}${noted}`,
      evidence: [...late.map(line), ...firstAndLast(refused)],
    };
  },
});

/**
 * Whether the recording shows the eviction. The API writes it into the budget’s status, and the pod stops being a ready
 * endpoint. If neither was reported, a watch missed it.
 */
function wasSeen({ at, pod }: Eviction, { timeline, phases }: ArmEvidence): boolean {
  const { to } = phases.tail;
  const written = timeline.budgets.during(at, to).some((status) => status.at >= at - watchLate);
  // By then another pod may have the same name.
  return written && timeline.pod(pod, at).endpoint.at(to) !== 'ready';
}

/** Undefined if the pod was unhealthy or there was no budget: then the eviction used up no disruption. */
function knownOf(
  eviction: Eviction,
  before: readonly Eviction[],
  { timeline, plan }: ArmEvidence,
): Allowed | undefined {
  const { at, pod } = eviction;
  const [from, to] = [at - controllerLag, at + watchLate];
  const sets = timeline.endpoints.during(from, to);
  const statuses = timeline.budgets.during(from, to);
  if (statuses.length === 0 || !sets.some(({ ready }) => ready.includes(pod))) return undefined;
  // A pod that was evicted before is in none of these sets, or is another pod of the same name.
  const leaving = new Set([pod, ...before.filter((other) => other.at >= from - controllerLag).map((each) => each.pod)]);
  const most = (some: readonly EndpointSet[]) =>
    Math.max(...some.map(({ ready }) => ready.filter((name) => !leaving.has(name)).length));
  return {
    at,
    pod,
    desired: desiredOf(statuses, plan.workload),
    left: most(timeline.endpoints.during(at - watchLate, to)),
    believed: most(sets),
  };
}

/** The least that the strictest budget demanded at any of these times. Budgets that count other pods too are left out. */
function desiredOf(statuses: readonly BudgetStatus[], workload: PlannedWorkload): number {
  const planned = plannedBudgets(workload);
  const demanded = byBudget(statuses).filter(([first]) => {
    const budget = first && planned.get(first.name);
    return budget && countsOurPods(budget);
  });
  return Math.max(0, ...demanded.map((own) => Math.min(...own.map(({ state }) => state.desiredHealthy))));
}

/** A budget’s own status allowed no disruption at any time around the eviction. */
const deniedByStatus = ({ at }: Eviction, { timeline }: ArmEvidence): boolean =>
  byBudget(timeline.budgets.during(at - controllerLag, at + watchLate)).some((own) =>
    own.every(({ state }) => state.currentHealthy <= state.desiredHealthy),
  );

const byBudget = (statuses: readonly BudgetStatus[]): readonly (readonly BudgetStatus[])[] => [
  ...Map.groupBy(statuses, ({ name }) => name).values(),
];

function closest(evidence: ArmEvidence): string {
  const { budget } = marginsOf(evidence);
  return budget ? `; at the closest ${count(budget.healthy)} healthy, ${count(budget.desired)} desired` : '';
}

const line = ({ at, pod, left, desired }: Allowed): EvidenceLine => ({
  at,
  text: `the eviction of ${pod} was allowed, which left ${count(left)} healthy of ${count(desired)} desired`,
});

function firstAndLast(refused: readonly Eviction[]): EvidenceLine[] {
  const [first] = refused;
  const last = refused.at(-1);
  return [
    ...(first
      ? [{ at: first.at, text: `the eviction of ${first.pod} was refused, the first of ${count(refused.length)}` }]
      : []),
    ...(last && last !== first ? [{ at: last.at, text: `the eviction of ${last.pod} was refused, the last` }] : []),
  ];
}
