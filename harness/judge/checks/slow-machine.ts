import type { EvidenceLine } from '../../model/finding.ts';
import { machineLimits } from '../../model/machine-limits.ts';
import { percent } from '../../model/words.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { GeneratorLoad } from '../evidence/load.ts';

/** Why a machine could not measure. */
export interface Doubt extends EvidenceLine {
  /** It showed before the fault already, so no fault brought it about. */
  readonly before: boolean;
  readonly isOutage?: true;
}

const { lateMs, stolen } = machineLimits;

/** So many of the requests must be sent on time; and if fewer than these are, it was no single pause that made them late. */
const onTime = 0.99;
const mostOnTime = 0.9;

function lateness({ gen, late, lateInBaseline }: GeneratorLoad, share: number): Doubt[] {
  const ms = late.quantile(share);
  if (ms <= lateMs) return [];
  const text = `${gen}: ${percent(share)} sent within ${ms.toFixed(1)} ms`;
  return [{ text, before: lateInBaseline.quantile(share) > lateMs }];
}

function stolenTime({ machine }: ArmEvidence): Doubt[] {
  const share = machine.stolen.judged.value ?? 0;
  if (share <= stolen) return [];
  const before = (machine.stolen.baseline.value ?? 0) > stolen;
  return [{ text: `${percent(share)} of the CPU time was stolen`, before }];
}

/** Whether a machine sent late, or its CPU time was stolen. */
export const slowness = (evidence: ArmEvidence): Doubt[] => [
  ...evidence.generators.flatMap((load) => lateness(load, onTime)),
  ...stolenTime(evidence),
];

/** The same of one that was slow all along, and not for a while. */
export const slownessAllAlong = (evidence: ArmEvidence): Doubt[] => [
  ...evidence.generators.flatMap((load) => lateness(load, mostOnTime)),
  ...stolenTime(evidence),
];
