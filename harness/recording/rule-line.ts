import type { Micros } from '../model/units.ts';

/**
 * One line of `rules.log`: a rule on the node of the client that leads to a Service, with the time stamp of the
 * journal.
 */
export interface RuleLine {
  readonly at: Micros;
  /**
   * `begin` starts a table, a chain or a map; its contents follow, each as `listed`, and then `end`. `added` and
   * `deleted` are changes. `committed`: all changes since the last one take effect at the same moment (nftables mode
   * only).
   */
  readonly what: 'begin' | 'listed' | 'end' | 'added' | 'deleted' | 'committed';
  /** The name of the chain or map; empty if it is the last one that began. */
  readonly name: string;
  /** A rule or elements of a map; for `committed` the number of the transaction. */
  readonly text: string;
}

/**
 * The parsed text after the time stamp. `other`: a complete line that leads to no Service. Undefined: not a valid line.
 */
export type RuleText = Omit<RuleLine, 'at'> | 'other' | undefined;
