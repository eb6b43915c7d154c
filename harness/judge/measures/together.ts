import type { TopologyDomain } from '../../model/experiment.ts';
import type { Together } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';
import { replicasByNode } from '../checks/placement.ts';
import type { ArmEvidence } from '../evidence/arm-evidence.ts';

/**
 * The most replicas that ran in one domain at any instant from the fault on: what is lost with it. Undefined where none
 * ran, or one on a node of which nobody knows where it stands.
 */
export function mostTogether(over: TopologyDomain, evidence: ArmEvidence): Together | undefined {
  let most: Together | undefined;
  for (const at of changes(evidence)) {
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
