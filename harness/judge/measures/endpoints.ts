import type { EndpointKind } from '../../model/experiment.ts';
import type { Fewest } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { PodHistory } from '../timeline/pod-history.ts';

/** The fewest endpoints at any time from the baseline to the end of the fault phase; undefined if none were watched. */
export function fewest(kind: EndpointKind, evidence: ArmEvidence): Fewest | undefined {
  const counts = kind === 'alive' ? aliveOver(evidence) : endpointsOver(kind, evidence);
  return counts.reduce<Fewest | undefined>(
    (least, each) => (least && least.count <= each.count ? least : each),
    undefined,
  );
}

/** A serving endpoint is ready, or terminates but still answers. */
const endpointsOver = (kind: 'ready' | 'serving', { timeline, phases }: ArmEvidence): Fewest[] =>
  timeline.endpoints
    .during(phases.baseline.from, phases.fault.to)
    .map(({ at, ready, serving }) => ({ at, count: ready.length + (kind === 'ready' ? 0 : serving.length) }));

/** The alive endpoints at each time at which their number may change. */
function aliveOver({ timeline, phases }: ArmEvidence): Fewest[] {
  const { from, to } = { from: phases.baseline.from, to: phases.fault.to };
  const pods = [...timeline.pods.values()].map((pod) => ({ node: pod.node, spans: accepting(pod) }));
  if (pods.every(({ spans }) => spans.length === 0)) return [];
  const changes = [...pods.flatMap(({ spans }) => spans), ...timeline.outages.all]
    .flatMap((span) => [span.from, span.to ?? to])
    .filter((at) => at > from && at <= to);
  return [from, ...new Set(changes.toSorted((one, other) => one - other))].map((at) => ({
    at,
    count: pods.filter(({ node, spans }) => holds(spans, at) && !timeline.outages.during(node, at, at)).length,
  }));
}

interface Accepting {
  readonly from: Micros;
  readonly to?: Micros | undefined;
}

/** When the pod’s process listened, by its own log; without a log, when its endpoint answered. */
const accepting = (pod: PodHistory): readonly Accepting[] =>
  pod.log.length > 0
    ? pod.listening()
    : pod.endpoint.spans().filter(({ state }) => state === 'ready' || state === 'serving');

const holds = (spans: readonly Accepting[], at: Micros): boolean =>
  spans.some(({ from, to = Number.POSITIVE_INFINITY }) => from <= at && at < to);
