import type { Ms } from './units.ts';

/**
 * A machine that exceeds these limits cannot measure. The recorder checks them before the fault, and the judge checks
 * them for the whole recording. Measured on a busy machine with two clusters: the longest pause of a generator was 0.12
 * s, the longest delay of the harness 0.44 s, and 1 % of the CPU time was stolen.
 */
export const machineLimits = {
  /** 99 % of the requests are sent within this time after they are due. */
  lateMs: 50 satisfies Ms,
  /** The longest pause of a generator. */
  pauseMs: 250 satisfies Ms,
  /** At a low rate, a pause may be as long as the time for this many requests. */
  pauseInRequests: 10,
  /** The longest time for which a process of the harness waits for the CPU. */
  harnessHeldMs: 1000 satisfies Ms,
  /** The share of the CPU time, 0 to 1, that other guests of the host may steal: on average, and in one second. */
  stolen: 0.1,
  stolenInSecond: 0.25,
} as const;

/** The longest pause of a generator with this rate in requests per second. */
export const longestPause = (ratePerSecond: number): Ms =>
  Math.max(machineLimits.pauseMs, (machineLimits.pauseInRequests * 1000) / ratePerSecond);
