import { parseIptables } from './iptables-rules.ts';
import { parseNftables } from './nftables-rules.ts';
import type { RuleLine } from './rule-line.ts';

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
