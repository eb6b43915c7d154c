import type { EvidenceLine } from '../../../model/finding.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';

/** A UID belongs to one object in all events, and endpoints name pods that the pod watch reported. */
export const uidsAgree = ({ uids }: Pick<ArmEvidence, 'uids'>): readonly EvidenceLine[] => uids.contradictions();
