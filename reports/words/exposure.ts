import type { ArmExposure, ArmFindings } from '../../harness/model/finding.ts';
import { exposureInWords } from '../../harness/model/in-words.ts';

/** How far the disruptions met the traffic, in the treatment that was exposed the least; empty if it was not measured. */
export function exposureOfTreatments(arms: readonly ArmFindings[]): string {
  const all = arms.flatMap(({ role, exposure }) => (role === 'treatment' && exposure ? [exposure] : []));
  const [least] = all.toSorted((one, other) => size(one) - size(other));
  if (!least) return '';
  const words = exposureInWords(least);
  return all.length > 1 ? `${words}, in the least exposed of ${all.length} treatments` : words;
}

/** The requests per disrupted pod; negative if not all pods were exposed. */
const size = ({ pods, exposed, requests }: ArmExposure): number =>
  exposed < pods ? exposed / pods - 1 : requests / pods;
