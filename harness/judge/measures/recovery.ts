import type { Recovery } from '../../model/finding.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';

/**
 * The time from the first loss, of a request or of a ready endpoint, until as many endpoints are ready as at the start
 * of the fault phase and requests are answered again. Undefined if nothing was lost, or no endpoint was watched.
 */
export function recoveryOf(evidence: ArmEvidence): Recovery | undefined {
  const [endpoints, requests] = [endpointsLost(evidence), requestsLost(evidence)];
  if (!endpoints || (endpoints.from === undefined && !requests)) return undefined;
  const from = Math.min(endpoints.from ?? Number.POSITIVE_INFINITY, requests?.from ?? Number.POSITIVE_INFINITY);
  const first = requests?.from === from ? 'requests' : 'endpoints';
  const open = [
    ...(endpoints.from !== undefined && endpoints.to === undefined ? (['endpoints'] as const) : []),
    ...(requests && requests.to === undefined ? (['requests'] as const) : []),
  ];
  if (open[0]) return { from, first, last: open[0] };
  const [ready, answered] = [endpoints.to ?? from, requests?.to ?? from];
  return { from, first, to: Math.max(ready, answered), last: answered > ready ? 'requests' : 'endpoints' };
}

/**
 * From the first to the last time with fewer ready endpoints than before. Undefined if none were watched before the
 * fault.
 */
function endpointsLost({ timeline, phases }: ArmEvidence): Pick<Partial<Recovery>, 'from' | 'to'> | undefined {
  const sets = timeline.endpoints.during(phases.fault.from, phases.tail.to);
  const [before] = sets;
  if (!before || before.at > phases.fault.from) return undefined;
  const isFewer = ({ ready }: (typeof sets)[number]) => ready.length < before.ready.length;
  const [from, to] = [sets.find(isFewer)?.at, sets[sets.findLastIndex(isFewer) + 1]?.at];
  if (from === undefined) return {};
  return { from, ...(to !== undefined && { to }) };
}

/**
 * From the first failed request to the first answered request that was sent after the last failed one. Each kind of
 * connection is considered alone, because one kind may recover long before the other.
 */
function requestsLost({ failures, kinds, phases }: ArmEvidence): Pick<Recovery, 'from' | 'to'> | undefined {
  const lost = failures.filter(({ request }) => request.start >= phases.fault.from);
  const [first] = lost;
  if (!first) return undefined;
  const ends = kinds.flatMap(({ conn, answered }) => {
    const last = lost.findLast(({ request }) => request.conn === conn)?.request.start;
    if (last === undefined) return [];
    const to = answered.after(last);
    return [answered.any(to, to) ? to : Number.POSITIVE_INFINITY];
  });
  const to = Math.max(...ends);
  return { from: first.request.start, ...(Number.isFinite(to) && { to }) };
}
