import { longestPause, machineLimits } from '../model/machine-limits.ts';
import type { Strain } from './observe/clock.ts';
import type { GeneratorSends } from './traffic/start.ts';

/** At most one in a hundred requests may be sent late. */
const lateShare = 0.01;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/**
 * Why this machine cannot measure, from the sends and the load in the baseline; undefined if it can. The judge checks
 * the same in the recording, but it accepts a delayed harness if no request failed. Before the fault, repeating the run
 * costs nothing, so this check is stricter.
 */
export function whyNotMeasurable(sends: readonly GeneratorSends[], { stolen, heldMs }: Strain): string | undefined {
  const doubts = sends.flatMap(({ gen, ratePerSecond, total, late, latestMs }) => [
    ...(late > total * lateShare
      ? [
          `${gen} sent ${percent(late / total)} of its requests later than ${machineLimits.lateMs} ms after they were due`,
        ]
      : []),
    ...(latestMs > longestPause(ratePerSecond) ? [`${gen} sent nothing for ${(latestMs / 1000).toFixed(2)} s`] : []),
  ]);
  if (heldMs >= machineLimits.harnessHeldMs)
    doubts.push(`holdfast itself was delayed for ${(heldMs / 1000).toFixed(2)} s`);
  if (stolen > machineLimits.stolen) doubts.push(`${percent(stolen)} of the CPU time was stolen`);
  return doubts.length === 0 ? undefined : doubts.join('; ');
}
