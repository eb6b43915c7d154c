import type { EvidenceLine } from '../../../model/finding.ts';
import { counted } from '../../../model/words.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';

/** No pod answers while its node does not run, by the engine's word. */
export const lostNodesAreSilent = ({ offAnswers }: ArmEvidence): EvidenceLine[] =>
  [...offAnswers.byPod].map(([pod, { count: many, first, node }]) => ({
    at: first.end,
    text: `${pod} gave ${counted(many, 'answer')} while its node ${node} was off, first ${first.id}`,
  }));
