import { longestPause, machineLimits } from '../model/machine-limits.ts';
import type { GeneratorSends } from './traffic/start.ts';

/** Of so many requests one in a hundred may be late. */
const lateShare = 0.01;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/**
 * Why this machine cannot measure, by how requests were sent in the baseline and by the share of the CPU time, 0 to 1, that
 * was stolen in it; undefined if it can. The judge asks the same of the recording.
 */
export function whyNotMeasurable(sends: readonly GeneratorSends[], stolen: number): string | undefined {
  const doubts = sends.flatMap(({ gen, ratePerSecond, total, late, latestMs }) => [
    ...(late > total * lateShare
      ? [
          `${gen} sent ${percent(late / total)} of its requests later than ${machineLimits.lateMs} ms after they were due`,
        ]
      : []),
    ...(latestMs > longestPause(ratePerSecond) ? [`${gen} sent nothing for ${(latestMs / 1000).toFixed(2)} s`] : []),
  ]);
  if (stolen > machineLimits.stolen) doubts.push(`${percent(stolen)} of the CPU time was stolen`);
  return doubts.length === 0 ? undefined : doubts.join('; ');
}
