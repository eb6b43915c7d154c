import { endpointKinds, topologyDomains } from '../../model/experiment.ts';
import type { Measures } from '../../model/finding.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { mostCoLocated } from './co-location.ts';
import { fewest } from './endpoints.ts';
import { addedLatency } from './latency.ts';
import { recoveryOf } from './recovery.ts';

/** What an arm measured besides its failed requests. A measure has no verdict; a demand may judge it. */
export function measuresOf(evidence: ArmEvidence): Measures {
  const recovery = recoveryOf(evidence);
  return {
    latency: addedLatency(evidence),
    fewest: found(endpointKinds, (kind) => fewest(kind, evidence)),
    together: found(topologyDomains, (over) => mostCoLocated(over, evidence)),
    ...(recovery && { recovery }),
  };
}

/** The measured values by kind, without those that were not measured. */
const found = <Of extends string, What>(
  all: readonly Of[],
  measure: (of: Of) => What | undefined,
): { readonly [of in Of]?: What } =>
  Object.fromEntries(
    all.flatMap((of) => {
      const measured = measure(of);
      return measured === undefined ? [] : [[of, measured]];
    }),
  ) as { readonly [of in Of]?: What };
