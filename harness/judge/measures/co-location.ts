import type { TopologyDomain } from '../../model/experiment.ts';
import type { Together } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { replicasByNode } from './replicas-by-node.ts';

/** A limit for pods times changes. Arms have some thousands of these; more would only slow the judge down. */
const mostPodChanges = 20_000_000;

/**
 * The most replicas that ran in one topology domain at any time from the fault on, which would be lost together.
 * Undefined if none ran, if one ran on a node whose domain is unknown, or if there are too many changes.
 */
export function mostCoLocated(over: TopologyDomain, evidence: ArmEvidence): Together | undefined {
  let most: Together | undefined;
  const moments = changes(evidence);
  if (moments.length * evidence.timeline.pods.size > mostPodChanges) return undefined;
  for (const at of moments) {
    const counts = new Map<string, number>();
    for (const [node, pods] of replicasByNode(evidence, at)) {
      const domain = evidence.topology.domainOf(node, over);
      if (domain === undefined) return undefined;
      counts.set(domain, (counts.get(domain) ?? 0) + pods.length);
    }
    for (const [domain, count] of counts) if (count > (most?.count ?? 0)) most = { domain, count, at };
  }
  return most;
}

/** The times at which a replica may have been added or removed, or its node. */
function changes({ timeline, phases }: ArmEvidence): Micros[] {
  const { from, to } = { from: phases.fault.from, to: phases.tail.to };
  const spans = [...[...timeline.pods.values()].flatMap(({ bar }) => bar.spans()), ...timeline.outages.all];
  const moments = spans.flatMap((span) => [span.from, span.to ?? to]).filter((at) => at > from && at <= to);
  return [from, ...new Set(moments.toSorted((one, other) => one - other))];
}
