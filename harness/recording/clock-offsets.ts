import { nameOf, type RecordedEvent } from '../model/event.ts';
import type { NodeClock, RecordedClocks } from '../model/node-clock.ts';
import { type Micros, microsToMs } from '../model/units.ts';

const harnessClock = { offsetMicros: 0, errorMicros: 0 };

/**
 * Converts times that the clock of a node stamped to the clock of the harness: times in pod logs by the node of the
 * pod, and times of requests, connections and rules by the node of the generators. It learns the nodes of pods from the
 * events, which are read first.
 */
export class ClockOffsets {
  readonly #clocks: ReadonlyMap<string, NodeClock>;
  readonly #generatorNode: string;
  readonly #nodesOfPods = new Map<string, Set<string>>();

  constructor({ clocks, generatorNode }: RecordedClocks = { clocks: [], generatorNode: null }) {
    this.#clocks = new Map(clocks.map((clock) => [clock.node, clock]));
    this.#generatorNode = generatorNode ?? '';
  }

  /** Learns the node of a pod from an event. Returns the event; the renewal time of a lease is converted. */
  event(event: RecordedEvent): RecordedEvent {
    const data = event.data as { readonly node?: unknown; readonly renewed?: unknown } | null;
    if (event.source === 'pod' && typeof data?.node === 'string' && this.#clocks.has(data.node)) {
      const nodes = this.#nodesOfPods.get(nameOf(event)) ?? new Set<string>();
      this.#nodesOfPods.set(nameOf(event), nodes.add(data.node));
    }
    if (event.source !== 'lease' || typeof data?.renewed !== 'string') return event;
    const ahead = microsToMs(this.#of(nameOf(event)).offsetMicros);
    const written = new Date(Date.parse(data.renewed) - ahead);
    if (ahead === 0 || Number.isNaN(written.getTime())) return event;
    return { ...event, data: { ...(event.data as object), renewed: written.toISOString() } };
  }

  /** By how much the clock of the generators' node is ahead of the clock of the harness, in microseconds. */
  get aheadOnGenerators(): Micros {
    return this.#of(this.#generatorNode).offsetMicros;
  }

  /** By how much the clock that stamped the log of a pod is ahead, in microseconds. */
  aheadOf(pod: string): Micros {
    return this.#ofPod(pod).offsetMicros;
  }

  /** By how much times in the log of a pod may differ from times of its requests, because the offsets have errors. */
  errorOf(pod: string): Micros {
    return this.#ofPod(pod).errorMicros + this.#of(this.#generatorNode).errorMicros;
  }

  /**
   * The largest error for all pods that were seen, and the nodes that cause it; 0 if all have the clock of the harness.
   */
  get largestError(): { readonly nodes: readonly string[]; readonly micros: Micros } {
    const generators = this.#of(this.#generatorNode).errorMicros;
    const own = generators > 0 ? [this.#generatorNode] : [];
    let largest = { nodes: own, micros: generators };
    for (const [pod, nodes] of this.#nodesOfPods) {
      const micros = this.errorOf(pod);
      if (micros > largest.micros) largest = { nodes: [...new Set([...nodes, ...own])], micros };
    }
    return largest;
  }

  #of(node: string): Pick<NodeClock, 'offsetMicros' | 'errorMicros'> {
    return this.#clocks.get(node) ?? harnessClock;
  }

  /**
   * Pods of one name may have run on several nodes, one after another. Their log does not show which pod wrote a line.
   */
  #ofPod(pod: string): Pick<NodeClock, 'offsetMicros' | 'errorMicros'> {
    const own = [...(this.#nodesOfPods.get(pod) ?? [])].map((node) => this.#of(node));
    if (own.length === 0) return harnessClock;
    const from = Math.min(...own.map(({ offsetMicros, errorMicros }) => offsetMicros - errorMicros));
    const to = Math.max(...own.map(({ offsetMicros, errorMicros }) => offsetMicros + errorMicros));
    return { offsetMicros: Math.round((from + to) / 2), errorMicros: Math.ceil((to - from) / 2) };
  }
}

/** The value with an earlier time stamp, as the clock of the harness would have stamped it. */
export const stampedSooner = <Stamped extends { readonly at: Micros }>(stamped: Stamped, ahead: Micros): Stamped =>
  ahead === 0 ? stamped : { ...stamped, at: stamped.at - ahead };
