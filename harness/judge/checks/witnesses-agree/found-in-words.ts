import type { EvidenceLine } from '../../../model/finding.ts';
import { count } from '../../../model/number-words.ts';
import type { Found } from '../../evidence/first-found.ts';

/** The first finding and the number of findings; no line if there are at most `most`. */
export const foundInWords = (found: Found | undefined, most = 0): EvidenceLine[] => {
  if (!found || found.count <= most) return [];
  const text = found.count === 1 ? found.text : `${found.text}, the first of ${count(found.count)}`;
  return [{ at: found.at, text }];
};
