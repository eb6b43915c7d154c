import { isDeepStrictEqual } from 'node:util';
import { factsInWords, factsOf } from '../../../guarantees/facts.ts';
import type { Facts } from '../../../model/facts.ts';
import type { EvidenceLine } from '../../../model/finding.ts';
import { reason } from '../../../model/reason.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';

/**
 * The facts in the plan are those of its objects. Facts that the plan does not have are not compared, and nothing is if
 * the objects were not recorded.
 */
export function factsAsPlanned({ plan }: Pick<ArmEvidence, 'plan'>): EvidenceLine[] {
  const { facts, objects, owner, service, container } = plan.workload;
  if (objects === null) return [];
  let given: Facts;
  try {
    given = factsOf(objects, { owner, service, container });
  } catch (error) {
    // The objects are from an unknown source, so anything may be wrong with them.
    return [{ text: `the guarantees of the plan’s objects cannot be read: ${reason(error)}` }];
  }
  const ofObjects = new Map(factsInWords(given).map(({ name, words }) => [name, words]));
  return factsInWords(facts).flatMap(({ name, words }) =>
    isDeepStrictEqual(facts[name], given[name])
      ? []
      : [{ text: `the plan has ${words}, but its objects have ${ofObjects.get(name) ?? 'something else'}` }],
  );
}
