import type { TopologyDomain } from '../../model/experiment.ts';
import type { Together } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { replicasByNode } from './replicas-by-node.ts';

/** Each pod is looked at once an instant. Arms have some thousands of these; one with more was made to hold the judge up. */
const mostLooks = 20_000_000;

/**
 * The most replicas that ran in one domain at any instant from the fault on: what is lost with it. Undefined if none
 * ran, if one ran on a node whose place is unknown, or if there are too many to look at.
 */
export function mostTogether(over: TopologyDomain, evidence: ArmEvidence): Together | undefined {
  let most: Together | undefined;
  const moments = changes(evidence);
  if (moments.length * evidence.timeline.pods.size > mostLooks) return undefined;
  for (const at of moments) {
    const counts = new Map<string, number>();
    for (const [node, pods] of replicasByNode(evidence, at)) {
      const domain = evidence.places.of(node, over);
      if (domain === undefined) return undefined;
      counts.set(domain, (counts.get(domain) ?? 0) + pods.length);
    }
    for (const [domain, count] of counts) if (count > (most?.count ?? 0)) most = { domain, count, at };
  }
  return most;
}

/** Every instant at which a replica, or its node, may have come or gone. */
function changes({ timeline, phases }: ArmEvidence): Micros[] {
  const { from, to } = { from: phases.fault.from, to: phases.tail.to };
  const spans = [...[...timeline.pods.values()].flatMap(({ bar }) => bar.spans()), ...timeline.outages.all];
  const moments = spans.flatMap((span) => [span.from, span.to ?? to]).filter((at) => at > from && at <= to);
  return [from, ...new Set(moments.toSorted((one, other) => one - other))];
}
