import { nameOf, type RecordedEvent } from '../model/event.ts';
import type { NodeClock, RecordedClocks } from '../model/node-clock.ts';
import { type Micros, microsToMs } from '../model/units.ts';

const harnessClock = { offsetMicros: 0, errorMicros: 0 };

/**
 * Puts moments that a node's clock stamped on the harness's clock: those of the pods' logs by the nodes that the pods ran
 * on, those of requests, connections and rules by the generators' node. It learns the nodes of pods from events, which are
 * read first.
 */
export class ClockOffsets {
  readonly #clocks: ReadonlyMap<string, NodeClock>;
  readonly #generatorNode: string;
  readonly #nodesOfPods = new Map<string, Set<string>>();

  constructor({ clocks, generatorNode }: RecordedClocks = { clocks: [], generatorNode: null }) {
    this.#clocks = new Map(clocks.map((clock) => [clock.node, clock]));
    this.#generatorNode = generatorNode ?? '';
  }

  /** Learns from an event where a pod runs. Returns the event, with a lease's renewal on the harness's clock. */
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

  /** How far the clock of the generators' node is ahead of the harness's, in microseconds. */
  get aheadOnGenerators(): Micros {
    return this.#of(this.#generatorNode).offsetMicros;
  }

  /** The same of the clock that stamped a pod's log. */
  aheadOf(pod: string): Micros {
    return this.#ofPod(pod).offsetMicros;
  }

  /** By how much moments of a pod's log and of its requests may be apart, because neither clock is known exactly. */
  errorOf(pod: string): Micros {
    return this.#ofPod(pod).errorMicros + this.#of(this.#generatorNode).errorMicros;
  }

  /** The largest error of all pods that were seen, and the nodes that it is of; 0 if all have the harness's clock. */
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

  /** Pods of one name may have run on several nodes, one after the other; their log does not tell which line is whose. */
  #ofPod(pod: string): Pick<NodeClock, 'offsetMicros' | 'errorMicros'> {
    const own = [...(this.#nodesOfPods.get(pod) ?? [])].map((node) => this.#of(node));
    if (own.length === 0) return harnessClock;
    const from = Math.min(...own.map(({ offsetMicros, errorMicros }) => offsetMicros - errorMicros));
    const to = Math.max(...own.map(({ offsetMicros, errorMicros }) => offsetMicros + errorMicros));
    return { offsetMicros: Math.round((from + to) / 2), errorMicros: Math.ceil((to - from) / 2) };
  }
}

/** The same as stamped by a clock that is not so far ahead. */
export const stampedSooner = <Stamped extends { readonly at: Micros }>(stamped: Stamped, ahead: Micros): Stamped =>
  ahead === 0 ? stamped : { ...stamped, at: stamped.at - ahead };
