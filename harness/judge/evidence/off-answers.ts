import type { Request } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import type { PhaseTimes } from '../timeline/phases.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** Pods do not share a clock with the engine: an answer this long after its word still counts as one before it. */
const clocksApart: Micros = msToMicros(50);
/** The engine was seen to tell 0.2 s late that a node runs again. */
const toldLate: Micros = msToMicros(1000);

/** A node that did not run for a time: none of its pods can answer then. */
interface Off {
  readonly from: Micros;
  readonly to: Micros;
}

/** Answers that their pod cannot have given. */
interface Impossible {
  count: number;
  readonly first: Request;
  readonly node: string;
}

/** In the order of their beginnings. */
function offOf({ outages }: Timeline): Map<string, Off[]> {
  const byNode = new Map<string, Off[]>();
  for (const { node, from, to } of outages.all) {
    const own = byNode.get(node) ?? [];
    byNode.set(node, own);
    own.push({ from: from + clocksApart, to: (to ?? Number.POSITIVE_INFINITY) - toldLate });
  }
  return byNode;
}

/** No two outages of a node overlap: the last that began before a moment decides. */
function wasOff(off: readonly Off[], at: Micros): boolean {
  let [low, high] = [0, off.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((off[middle]?.from ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const last = off[low - 1];
  return last !== undefined && at < last.to;
}

/** Answers, whatever their status, of pods whose node did not run: folded over all rows, in memory that grows with pods alone. */
export class OffAnswers {
  readonly #phases: PhaseTimes;
  readonly #off: ReadonlyMap<string, readonly Off[]>;
  /** Those of a node that ever was off, and who had their name before or after them. */
  readonly #pods = new Map<string, PodHistory[]>();
  readonly byPod = new Map<string, Impossible>();

  constructor(timeline: Timeline, phases: PhaseTimes) {
    this.#phases = phases;
    this.#off = offOf(timeline);
    const pods = [...timeline.pods.values()];
    const names = new Set(pods.filter(({ node }) => this.#off.has(node)).map(({ name }) => name));
    for (const pod of pods)
      if (names.has(pod.name)) this.#pods.set(pod.name, [...(this.#pods.get(pod.name) ?? []), pod]);
  }

  see(request: Request): void {
    const { pod: name, start, end } = request;
    const { baseline, tail } = this.#phases;
    const own = this.#pods.get(name);
    if (!own || start < baseline.from || start >= tail.to) return;
    // Several have had the name one after the other: the one that was there by then.
    const pod = own.findLast(({ seen }) => (seen ?? 0) <= start) ?? own[0];
    if (!pod || !wasOff(this.#off.get(pod.node) ?? [], end)) return;
    const known = this.byPod.get(name);
    if (known) known.count += 1;
    else this.byPod.set(name, { count: 1, first: request, node: pod.node });
  }
}
