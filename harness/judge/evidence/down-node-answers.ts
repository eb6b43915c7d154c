import type { Request } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import type { PhaseTimes } from '../timeline/phases.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Timeline } from '../timeline/timeline.ts';

/**
 * Pods and container engine do not share a clock, so an answer this long after the outage’s start may have been before
 * it.
 */
const clocksApart: Micros = msToMicros(50);
/** The container engine may report this late that a node runs again: 0.2 s was measured. */
const toldLate: Micros = msToMicros(1000);

/** A time in which a node did not run. Its pods cannot answer then. */
interface Off {
  readonly from: Micros;
  readonly to: Micros;
}

/** Answers that the pod cannot have given. */
interface Impossible {
  count: number;
  readonly first: Request;
  readonly node: string;
}

/** The outages of each node, in order of their start. */
function offOf({ outages }: Timeline): Map<string, Off[]> {
  const byNode = new Map<string, Off[]>();
  for (const { node, from, to } of outages.all) {
    const own = byNode.get(node) ?? [];
    byNode.set(node, own);
    own.push({ from: from + clocksApart, to: (to ?? Number.POSITIVE_INFINITY) - toldLate });
  }
  return byNode;
}

/** Outages of a node do not overlap, so the last one that began before `at` decides. */
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

/** Counts answers of any status from pods whose node did not run. Its memory grows only with the number of pods. */
export class DownNodeAnswers {
  readonly #phases: PhaseTimes;
  readonly #off: ReadonlyMap<string, readonly Off[]>;
  /** The pods of nodes that ever were down, and other pods with the same names. */
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
    // The pod with this name at that time. Several pods may have had the name one after another.
    const pod = own.findLast(({ seen }) => (seen ?? 0) <= start) ?? own[0];
    if (!pod || !wasOff(this.#off.get(pod.node) ?? [], end)) return;
    const known = this.byPod.get(name);
    if (known) known.count += 1;
    else this.byPod.set(name, { count: 1, first: request, node: pod.node });
  }
}
