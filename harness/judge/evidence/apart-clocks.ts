import { type Micros, microsToMs } from '../../model/units.ts';
import { listed } from '../../model/words.ts';
import type { ClockOffsets } from '../../recording/clock-offsets.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { type ClockFold, stepLimitMs } from './clock-fold.ts';
import { epsilon } from './connections.ts';
import type { LoggedRows } from './logged-rows.ts';
import { written } from './tenths.ts';

/** Clocks that are apart by no more than what causes allow for, with what it takes to write a line. */
export const bearableError: Micros = epsilon - written;

/** Which moments of a recording cannot be compared, because clocks are apart. */
export interface ApartClocks {
  /** Pods whose log another clock stamped than their requests. */
  readonly pods: ReadonlySet<string>;
  /** Why no moment of a request can be compared with what else was recorded, in words. */
  readonly why: string | undefined;
}

/** Of a recording whose requests and logs are all read. A node has one clock: what is wrong with one log of it is with all. */
export function apartClocks({
  logged,
  timeline,
  clock,
  offsets,
}: {
  readonly logged: LoggedRows;
  readonly timeline: Timeline;
  readonly clock: ClockFold;
  readonly offsets: ClockOffsets;
}): ApartClocks {
  const telling = logged.pods().filter((pod) => pod.clock.tells);
  const apart = new Set(telling.filter((pod) => pod.clock.isApart).map(({ name }) => name));
  const all = [...timeline.pods.values()];
  const nodes = new Set(all.flatMap(({ name, node }) => (apart.has(name) && node !== '' ? [node] : [])));
  const pods = new Set([...apart, ...all.flatMap(({ name, node }) => (nodes.has(node) ? [name] : []))]);
  return { pods, why: whyNone(apart.size > 0 && apart.size === telling.length, clock, offsets) };
}

function whyNone(isAny: boolean, { step, back }: ClockFold, { largestError }: ClockOffsets): string | undefined {
  if (largestError.micros > bearableError)
    return `the clock of ${listed(largestError.nodes)} is known to within ${inMs(largestError.micros)} only`;
  if (step && step.value > microsToMs(epsilon)) return `the clock stepped by ${step.value.toFixed(0)} ms`;
  // It was another in the time before, and by more than it went back: time had passed between the two stamps.
  if (back && back.value > stepLimitMs) return `the clock went back by ${back.value.toFixed(0)} ms or more`;
  return isAny ? 'the clock that stamped the requests is another than that of every pod’s log' : undefined;
}

export const inMs = (duration: Micros): string => `${microsToMs(duration).toFixed(0)} ms`;
