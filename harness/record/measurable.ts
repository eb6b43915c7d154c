import { longestPause, machineLimits } from '../model/machine-limits.ts';
import type { Strain } from './observe/clock.ts';
import type { GeneratorSends } from './traffic/start.ts';

/** Of so many requests one in a hundred may be late. */
const lateShare = 0.01;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/**
 * Why this machine cannot measure, by how requests were sent in the baseline and how the machine was strained meanwhile;
 * undefined if it can. The judge asks the same of the recording, but of a harness that was held up only if requests failed:
 * before the fault a run is repeated at no loss.
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
