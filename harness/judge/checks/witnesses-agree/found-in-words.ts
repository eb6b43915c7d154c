import type { EvidenceLine } from '../../../model/finding.ts';
import { count } from '../../../model/words.ts';
import type { Found } from '../../evidence/finds.ts';

/** Nothing where nothing was found; else the first, and how many there are. `most` are no doubt. */
export const foundInWords = (found: Found | undefined, most = 0): EvidenceLine[] => {
  if (!found || found.count <= most) return [];
  const text = found.count === 1 ? found.text : `${found.text}, the first of ${count(found.count)}`;
  return [{ at: found.at, text }];
};
