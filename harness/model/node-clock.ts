import type { Micros } from './units.ts';

/** The clock of a node beside the clock of the harness. */
export interface NodeClock {
  readonly node: string;
  /** A moment that the node stamps, minus the same moment on the harness's clock. */
  readonly offsetMicros: Micros;
  /** The offset may be wrong by so much, either way. */
  readonly errorMicros: Micros;
}

/** What a recording says of the clocks that stamped it. A node that is not named has the harness's clock, as far as is known. */
export interface RecordedClocks {
  readonly clocks: readonly NodeClock[];
  /** The node whose clock stamped the requests, the connections and the rules. Null if it was not recorded. */
  readonly generatorNode: string | null;
}
