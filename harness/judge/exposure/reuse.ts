import { plannedRate } from '../checks/planned-rate.ts';
import type { ArmEvidence } from '../evidence/arm-evidence.ts';
import { turnSeconds } from '../evidence/exposure-fold.ts';
import { count, counted } from '../words.ts';
import type { Gap } from './gap.ts';

/** In real recordings 98 % and more were; a server may close some. */
const reusedShare = 0.5;

/** Connections that are meant to be kept are used again. */
export function reuseGaps(evidence: ArmEvidence): Gap[] {
  if (plannedRate(evidence.plan, 'kept-alive') === 0) return [];
  const { rows, reused } = evidence.exposure.traffic['kept-alive'].later;
  const turn = turnSeconds(evidence.plan);
  if (rows === 0)
    return [
      {
        text: 'no kept-alive connection could be used again before the fault',
        remedy: `warm-up and baseline of more than ${turn.toFixed(1)} s, in which every connection has its turn`,
      },
    ];
  if (reused >= rows * reusedShare) return [];
  return [
    {
      text: `${count(reused)} of ${counted(rows, 'kept-alive request')} used a connection again in the baseline`,
      remedy: `a server that keeps connections open for more than ${turn.toFixed(1)} s`,
    },
  ];
}
