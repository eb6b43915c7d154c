import { listed } from '../../model/number-words.ts';
import { type Micros, microsToMs } from '../../model/units.ts';
import type { ClockOffsets } from '../../recording/clock-offsets.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { type ClockFold, stepLimitMs } from './clock-fold.ts';
import { epsilon } from './connections.ts';
import type { LoggedRows } from './logged-rows.ts';
import { written } from './tenths.ts';

/** The largest clock error that attribution tolerates, less the time that writing a line takes. */
export const tolerableError: Micros = epsilon - written;

/** The times of a recording that cannot be compared because clocks differ. */
export interface ClockDifferences {
  /** Pods whose log was stamped by another clock than their requests. */
  readonly pods: ReadonlySet<string>;
  /** Why the times of requests cannot be compared with any other recording, in words; undefined if they can. */
  readonly why: string | undefined;
}

/**
 * Compares the clocks after all requests and logs have been read. A node has one clock, so what one log of it shows is
 * true of all.
 */
export function clockDifferences({
  logged,
  timeline,
  clock,
  offsets,
}: {
  readonly logged: LoggedRows;
  readonly timeline: Timeline;
  readonly clock: ClockFold;
  readonly offsets: ClockOffsets;
}): ClockDifferences {
  const comparable = logged.pods().filter((pod) => pod.clock.isEnough);
  const differing = new Set(comparable.filter((pod) => pod.clock.differs).map(({ name }) => name));
  const all = [...timeline.pods.values()];
  const nodes = new Set(all.flatMap(({ name, node }) => (differing.has(name) && node !== '' ? [node] : [])));
  const pods = new Set([...differing, ...all.flatMap(({ name, node }) => (nodes.has(node) ? [name] : []))]);
  return { pods, why: whyNone(differing.size > 0 && differing.size === comparable.length, clock, offsets) };
}

function whyNone(isAny: boolean, { step, back }: ClockFold, { largestError }: ClockOffsets): string | undefined {
  if (largestError.micros > tolerableError)
    return `the clock of ${listed(largestError.nodes)} is known to within ${inMs(largestError.micros)} only`;
  if (step && step.value > microsToMs(epsilon)) return `the clock stepped by ${step.value.toFixed(0)} ms`;
  // The clock has stepped back by more than this, because time had passed between the two stamps.
  if (back && back.value > stepLimitMs) return `the clock went back by ${back.value.toFixed(0)} ms or more`;
  return isAny ? 'the requests were stamped by another clock than the logs of all pods' : undefined;
}

export const inMs = (duration: Micros): string => `${microsToMs(duration).toFixed(0)} ms`;
