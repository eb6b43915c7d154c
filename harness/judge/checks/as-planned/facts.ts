import { isDeepStrictEqual } from 'node:util';
import { factsInWords, factsOf } from '../../../guarantees/facts.ts';
import type { EvidenceLine } from '../../../model/finding.ts';
import type { PlannedWorkload } from '../../../model/plan.ts';
import { reason } from '../../../model/reason.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';

/** The facts in the plan are those of its objects. Nothing is compared if the objects were not recorded. */
export function factsAsPlanned({ plan }: Pick<ArmEvidence, 'plan'>): EvidenceLine[] {
  try {
    return contradictions(plan.workload).map((text) => ({ text }));
  } catch (error) {
    // A plan can be from an unknown source, so anything may be wrong with its objects.
    return [{ text: `the guarantees of the plan’s objects cannot be read: ${reason(error)}` }];
  }
}

/** The facts that the objects contradict, in words. Facts that the plan does not have are not compared. */
function contradictions({ facts, objects, owner, service, container }: PlannedWorkload): string[] {
  if (objects === null) return [];
  const given = factsOf(objects, { owner, service, container });
  const ofObjects = new Map(factsInWords(given).map(({ name, words }) => [name, words]));
  return factsInWords(facts).flatMap(({ name, words }) =>
    isDeepStrictEqual(facts[name], given[name])
      ? []
      : [`the plan has ${words}, but its objects have ${ofObjects.get(name) ?? 'something else'}`],
  );
}
