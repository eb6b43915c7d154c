import { endpointKinds } from '../../model/experiment.ts';
import type { Measures } from '../../model/finding.ts';
import type { ArmEvidence } from '../evidence/arm-evidence.ts';
import { fewest } from './endpoints.ts';
import { addedLatency } from './latency.ts';
import { recoveryOf } from './recovery.ts';

/** What an arm measured beside its failed requests. Never a verdict: a demand judges it where an experiment asks. */
export function measuresOf(evidence: ArmEvidence): Measures {
  const recovery = recoveryOf(evidence);
  return {
    latency: addedLatency(evidence),
    fewest: Object.fromEntries(
      endpointKinds.flatMap((kind) => {
        const found = fewest(kind, evidence);
        return found ? [[kind, found]] : [];
      }),
    ),
    ...(recovery && { recovery }),
  };
}
