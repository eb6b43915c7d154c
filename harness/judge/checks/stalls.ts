import { longestPause } from '../../model/machine-limits.ts';
import { exactSeconds } from '../../model/number-words.ts';
import { type Micros, microsToMs, msToMicros } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { GeneratorLoad } from '../evidence/load.ts';
import type { Stall } from '../evidence/machine-fold.ts';
import { plannedRate } from '../measures/planned-rate.ts';

/** When a generator sent nothing for longer than allowed, or sent requests that had been due long before. */
function stallsOf({ gen, header, sent, held }: GeneratorLoad, { plan, phases }: ArmEvidence): Stall[] {
  const rate = header ? plannedRate(plan, header.conn) : 0;
  if (rate === 0) return [];
  const judged = { from: phases.baseline.from, to: phases.tail.to };
  return [
    ...sent.gapsOver(longestPause(rate), judged).map((gap) => ({ ...gap, what: `${gen} sent nothing` })),
    ...held.spans().map((span) => ({ ...span, what: `${gen} sent late` })),
  ];
}

/**
 * The stalls of the machine by generator: it sent nothing or late, holdfast’s event loop was delayed, or CPU time was
 * stolen.
 */
export function stallsByGenerator(evidence: ArmEvidence): ReadonlyMap<string, readonly Stall[]> {
  return new Map(
    evidence.generators.map((load) => [load.gen, merged([...stallsOf(load, evidence), ...evidence.machine.stalls])]),
  );
}

/** Merges stalls that overlap. The result has the name of the longest. */
function merged(stalls: readonly Stall[]): Stall[] {
  const all: { from: Micros; to: Micros; what: string; longest: Micros }[] = [];
  for (const { from, to, what } of stalls.toSorted((one, other) => one.from - other.from)) {
    const last = all.at(-1);
    if (!last || from > last.to) all.push({ from, to, what, longest: to - from });
    else {
      if (to - from > last.longest) Object.assign(last, { what, longest: to - from });
      last.to = Math.max(last.to, to);
    }
  }
  return all.map(({ from, to, what }) => ({ from, to, what }));
}

/** `fresh sent nothing for 2.31 s`. */
export const stallInWords = ({ what, from, to }: Stall): string => `${what} for ${exactSeconds(microsToMs(to - from))}`;

/** After a stall, requests catch up within the length of the stall, but at most this long. */
const catchesUp: Micros = msToMicros(5000);
/** No client waits longer. */
const longestRequest: Micros = msToMicros(60_000);

/**
 * The first of the stalls that may be why a request failed: the request was in flight during them, or was sent so soon
 * after that the machine may not have caught up. Together they must last at least half as long as the request;
 * otherwise there is another reason too. `stalls` are in order and do not overlap.
 */
export function stallAcross(
  stalls: readonly Stall[],
  { start, end }: { readonly start: Micros; readonly end: Micros },
): Stall | undefined {
  if (end - start > longestRequest) return undefined;
  let total = 0;
  let first: Stall | undefined;
  for (let index = firstEndingAfter(stalls, start - catchesUp); index < stalls.length; index++) {
    const stall = stalls[index] as Stall;
    if (stall.from > end) break;
    const lasted = stall.to - stall.from;
    if (start > stall.to + Math.min(lasted, catchesUp)) continue;
    total += lasted;
    first ??= stall;
    if (2 * total >= end - start) return first;
  }
  return undefined;
}

function firstEndingAfter(stalls: readonly Stall[], moment: Micros): number {
  let [low, high] = [0, stalls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stalls[middle] as Stall).to < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
