import type { EvidenceLine } from '../../model/finding.ts';
import type { Connection } from '../../model/request.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { EndpointCounts } from '../evidence/endpoint-counts.ts';
import { plannedRate } from '../measures/planned-rate.ts';

/** A reason why an arm is not exposed enough, and what would help. */
export interface Gap extends EvidenceLine {
  readonly remedy: string;
}

/** An arm’s evidence, and the number of endpoints over time. */
export interface Evidence extends ArmEvidence {
  readonly counts: EndpointCounts;
}

/** The kinds of connections that were planned. */
export const connsOf = ({ plan }: ArmEvidence): Connection[] =>
  (['fresh', 'kept-alive'] as const).filter((conn) => plannedRate(plan, conn) > 0);
