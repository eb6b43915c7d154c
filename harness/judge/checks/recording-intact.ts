import { counted } from '../../model/number-words.ts';
import { damageInWords } from '../../recording/damage.ts';
import { atMost } from './check.ts';

/** Everything that the recorder wrote can be read and is unchanged since it was sealed. */
export const recordingIntact = atMost(
  'recording-intact',
  ({ damage }) => ({
    value: damage.count,
    words: `${counted(damage.count, 'damaged place')}`,
    evidence: damage.list().map((place) => ({ text: damageInWords(place) })),
  }),
  { limit: 0, expected: 'no damaged place', otherwise: 'inconclusive' },
);
