import type { Micros } from './units.ts';

/** The clock of a node compared with the clock of the harness. */
export interface NodeClock {
  readonly node: string;
  /** The time on the clock of the node minus the time on the clock of the harness. */
  readonly offsetMicros: Micros;
  /** The offset may differ by this much in both directions. */
  readonly errorMicros: Micros;
}

/** The clocks that stamped a recording. A node without an entry has the clock of the harness, as far as is known. */
export interface RecordedClocks {
  readonly clocks: readonly NodeClock[];
  /** The node whose clock stamped the requests, the connections and the rules. Null if it was not recorded. */
  readonly generatorNode: string | null;
}
