import type { EvidenceLine } from '../../../model/finding.ts';
import { count, counted } from '../../../model/number-words.ts';
import { type Micros, msToMicros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { countsOurPods, plannedBudgets } from '../../evidence/planned-budgets.ts';

/** How far apart two watches may report the same change. */
const maxLag: Micros = msToMicros(3000);

/** A real arm has a few dozen. More of them would only slow the judge down. */
const mostLevels = 5000;

interface Level {
  readonly at: Micros;
  readonly ready: number;
}

/** The pod watch, the EndpointSlices and the disruption budgets count the same ready pods, all the time. */
export function readyPodsAgree(evidence: ArmEvidence): EvidenceLine[] {
  const pods = readyPods(evidence);
  const { timeline, plan, phases } = evidence;
  if (pods.length === 0) return [];
  const endpoints = timeline.endpoints.sets.map(({ at, ready }) => ({ at, ready: ready.length }));
  const planned = plannedBudgets(plan.workload);
  const budgets = timeline.budgets.lanes().filter(({ budget }) => {
    const own = planned.get(budget);
    return own && countsOurPods(own);
  });
  const judged = { from: phases.baseline.from, to: phases.tail.to };
  const levels = pods.length + endpoints.length + budgets.reduce((sum, { changes }) => sum + changes.length, 0);
  if (levels > mostLevels)
    return [
      {
        at: judged.from,
        text: `ready pods changed ${count(levels)} times, more than the ${count(mostLevels)} that are compared`,
      },
    ];
  return [
    ...differing(pods, endpoints, (reported) => counted(reported, 'ready endpoint'), judged, evidence),
    ...budgets.flatMap(({ changes }) =>
      differing(
        pods,
        changes.map(({ at, currentHealthy }) => ({ at, ready: currentHealthy })),
        (reported) => `${counted(reported, 'ready pod')} by the budget’s status`,
        judged,
        evidence,
      ),
    ),
  ];
}

/** The number of ready pods by the pod watch, from each change on. */
function readyPods({ timeline }: ArmEvidence): Level[] {
  const changes = [...timeline.pods.values()]
    .flatMap(({ bar }) => bar.spans().filter(({ state }) => state === 'ready'))
    .flatMap(({ from, to }) => [{ at: from, by: 1 }, ...(to === undefined ? [] : [{ at: to, by: -1 }])])
    .sort((one, other) => one.at - other.at);
  let ready = 0;
  return changes.map(({ at, by }) => {
    ready += by;
    return { at, ready };
  });
}

/**
 * The times at which a count differs from all counts of the pod watch shortly before and after, although it has held
 * for a while. One watch may report two changes in another order, and so count what the other never counts.
 */
function differing(
  pods: readonly Level[],
  levels: readonly Level[],
  inWords: (reported: number) => string,
  { from, to }: { readonly from: Micros; readonly to: Micros },
  { timeline }: ArmEvidence,
): EvidenceLine[] {
  const down = timeline.apiServer.spans().filter(({ state }) => state === 'down');
  const excused = (at: Micros) =>
    down.some((span) => at >= span.from - maxLag && at <= (span.to ?? Number.POSITIVE_INFINITY) + maxLag);
  // The result changes only when a count changes, or when a change enters or leaves the compared time.
  const instants = [
    from,
    to,
    ...levels.map(({ at }) => at + maxLag),
    ...pods.flatMap(({ at }) => [at - maxLag, at + maxLag + 1]),
  ]
    .filter((at) => at >= from && at <= to && !excused(at))
    .sort((one, other) => one - other);
  for (const at of instants) {
    const level = levels.findLast((each) => each.at <= at);
    const reported = level?.ready;
    if (!level || reported === undefined || at < level.at + maxLag || near(pods, at).includes(reported)) continue;
    const counts = [...new Set(near(pods, at))].map((each) => count(each)).join(' or ');
    return [{ at, text: `${inWords(reported)}, but ${counts} by the pod watch` }];
  }
  return [];
}

const levelAt = (levels: readonly Level[], at: Micros): number | undefined =>
  levels.findLast((level) => level.at <= at)?.ready;

/** All counts that held from shortly before `at` to shortly after. */
function near(pods: readonly Level[], at: Micros): number[] {
  const first = levelAt(pods, at - maxLag) ?? 0;
  return [
    first,
    ...pods.filter((level) => level.at > at - maxLag && level.at <= at + maxLag).map(({ ready }) => ready),
  ];
}
