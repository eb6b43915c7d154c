import type { Micros } from '../model/units.ts';
import { parseIptables } from './iptables-rules.ts';
import { parseNftables } from './nftables-rules.ts';

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

const stamped = /^(\d+)\.(\d{6}) \S+?: (.*)$/;

/**
 * Parses a line of `journalctl --output=short-unix` with output of `nft list` or `nft monitor`, for the mode of
 * kube-proxy. `other`: a complete line that leads to no Service. Undefined: not a valid line.
 */
export function parseRuleLine(line: string, proxyMode: string): RuleLine | 'other' | undefined {
  const [, seconds = '', micros = '', text = ''] = stamped.exec(line) ?? [];
  if (seconds === '') return undefined;
  const read = proxyMode === 'nftables' ? parseNftables(text) : parseIptables(text);
  return typeof read === 'object' ? { at: Number(seconds + micros), ...read } : read;
}
