import type { EvidenceLine } from '../../model/finding.ts';
import type { ArmEvidence } from '../evidence/arm-evidence.ts';
import type { FaultStep } from '../timeline/timeline.ts';

interface Testimony {
  readonly done: boolean;
  readonly measured: string;
  readonly evidence: readonly EvidenceLine[];
}

/** Tells from what observers saw whether a fault landed. `steps` are the harness's own notes of it, in order. */
export type Witness = (evidence: ArmEvidence, steps: readonly FaultStep[]) => Testimony;
