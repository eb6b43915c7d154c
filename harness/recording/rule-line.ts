import type { Micros } from '../model/units.ts';

/** One line of `rules.log`: of the rules on the client's node that lead to Services, as the journal stamped it. */
export interface RuleLine {
  readonly at: Micros;
  /**
   * `begin`: a table, a chain or a map begins whose contents follow, each `listed`; `end`: it ends. `added` and `deleted`
   * are changes; `committed`: all that was told since the last one holds from one moment on (nftables mode only).
   */
  readonly what: 'begin' | 'listed' | 'end' | 'added' | 'deleted' | 'committed';
  /** Of the chain or map. Empty where it is the one that began last. */
  readonly name: string;
  /** A rule, or elements of a map; of what is committed, its number. */
  readonly text: string;
}

/** What is read of the text behind the stamp. `other`: a whole line that leads to no Service; undefined: none at all. */
export type RuleText = Omit<RuleLine, 'at'> | 'other' | undefined;
