import { count, counted } from '../../model/words.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { turnSeconds } from '../evidence/exposure-fold.ts';
import { plannedRate } from '../measures/planned-rate.ts';
import type { Gap } from './gap.ts';

/** In real recordings 98 % and more were; a server may close some. */
const reusedShare = 0.5;

/** Every connection that is meant to be kept had its turn before the fault, and could be used again. */
export function noTurnGaps(evidence: ArmEvidence): Gap[] {
  if (plannedRate(evidence.plan, 'kept-alive') === 0 || evidence.exposure.traffic['kept-alive'].later.rows > 0)
    return [];
  const turn = turnSeconds(evidence.plan);
  return [
    {
      text: 'no kept-alive connection could be used again before the fault',
      remedy: `warm-up and baseline of more than ${turn.toFixed(1)} s, in which every connection has its turn`,
    },
  ];
}

/** Connections that are meant to be kept, and could be used again, are. */
export function notReusedGaps(evidence: ArmEvidence): Gap[] {
  const { rows, reused } = evidence.exposure.traffic['kept-alive'].later;
  if (reused >= rows * reusedShare) return [];
  return [
    {
      text: `${count(reused)} of ${counted(rows, 'kept-alive request')} used a connection again in the baseline`,
      remedy: `a server that keeps connections open for more than ${turnSeconds(evidence.plan).toFixed(1)} s`,
    },
  ];
}
