import type { Ms } from './units.ts';

/**
 * Beyond these a machine cannot measure: the recorder asks before the fault, and the judge of all that was recorded. On a
 * real cluster on a machine that was busy with two of them, the longest pause of a generator was 0.12 s, the harness was
 * held up for 0.44 s at most, and 1 % of the CPU time was stolen.
 */
export const machineLimits = {
  /** 99 % of the requests are sent within this time after they are due. */
  lateMs: 50 satisfies Ms,
  /** A generator sends nothing for no longer than this. */
  pauseMs: 250 satisfies Ms,
  /** What so many requests take is no pause of a generator that sends few. */
  pauseInRequests: 10,
  /** No process of the harness waits longer for its processor. */
  harnessHeldMs: 1000 satisfies Ms,
  /** So much of the CPU time, 0 to 1, may be stolen by other guests of the host: in the mean, and in one second. */
  stolen: 0.1,
  stolenInSecond: 0.25,
} as const;

/** The longest time in which a generator of that rate, in requests a second, may send nothing. */
export const longestPause = (ratePerSecond: number): Ms =>
  Math.max(machineLimits.pauseMs, (machineLimits.pauseInRequests * 1000) / ratePerSecond);
