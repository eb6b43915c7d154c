import { count, counted } from '../../model/number-words.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { turnSeconds } from '../evidence/exposure-fold.ts';
import { plannedRate } from '../measures/planned-rate.ts';
import type { Gap } from './gap.ts';

/** 98 % or more in practice; a server may close some connections. */
const reusedShare = 0.5;

/** Before the fault every kept-alive connection must have had its turn, so that it could be reused. */
export function noTurnGaps(evidence: ArmEvidence): Gap[] {
  if (plannedRate(evidence.plan, 'kept-alive') === 0 || evidence.exposure.traffic['kept-alive'].later.rows > 0)
    return [];
  const turn = turnSeconds(evidence.plan);
  return [
    {
      text: 'no kept-alive connection could be used again before the fault',
      remedy: `a warm-up and baseline of more than ${turn.toFixed(1)} s, so that every connection is used twice`,
    },
  ];
}

/** Kept-alive connections that could be reused must have been reused. */
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
