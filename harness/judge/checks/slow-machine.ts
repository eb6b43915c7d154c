import type { EvidenceLine } from '../../model/finding.ts';
import { machineLimits } from '../../model/machine-limits.ts';
import { percent } from '../../model/number-words.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { GeneratorLoad } from '../evidence/load.ts';

/** Why the machine could not measure. */
export interface Doubt extends EvidenceLine {
  /** It was so before the fault already, so the fault is not the reason. */
  readonly before: boolean;
  readonly isOutage?: true;
}

const { lateMs, stolen } = machineLimits;

/** The share of requests that must be sent on time. If fewer are, the reason is not a single pause. */
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

/** Whether requests were sent late or CPU time was stolen. */
export const slowness = (evidence: ArmEvidence): Doubt[] => [
  ...evidence.generators.flatMap((load) => lateness(load, onTime)),
  ...stolenTime(evidence),
];

/** The same, but only if the machine was slow all along. */
export const slownessAllAlong = (evidence: ArmEvidence): Doubt[] => [
  ...evidence.generators.flatMap((load) => lateness(load, mostOnTime)),
  ...stolenTime(evidence),
];
