import type { EvidenceLine } from '../../../model/finding.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';

/** A UID is that of one object, by whatever events tell of it, and endpoints are pods that the pod watch saw. */
export const uidsAgree = ({ uids }: Pick<ArmEvidence, 'uids'>): readonly EvidenceLine[] => uids.contradictions();
