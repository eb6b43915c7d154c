import type { EvidenceLine } from '../../../model/finding.ts';
import { counted } from '../../../model/number-words.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';

/** No pod answers while the container engine says that its node is down. */
export const lostNodesAreSilent = ({ downNodeAnswers }: ArmEvidence): EvidenceLine[] =>
  [...downNodeAnswers.byPod].map(([pod, { count: many, first, node }]) => ({
    at: first.end,
    text: `${pod} gave ${counted(many, 'answer')} while its node ${node} was off, first ${first.id}`,
  }));
