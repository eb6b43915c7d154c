import { parseIptables } from './iptables-rules.ts';
import { parseNftables } from './nftables-rules.ts';
import type { RuleLine } from './rule-line.ts';

const stamped = /^(\d+)\.(\d{6}) \S+?: (.*)$/;

/**
 * Reads a line as `journalctl --output=short-unix` prints it of `nft list` and `nft monitor`, by the mode that kube-proxy
 * was in. `other`: a whole line, of something that leads to no Service; undefined: none at all.
 */
export function parseRuleLine(line: string, proxyMode: string): RuleLine | 'other' | undefined {
  const [, seconds = '', micros = '', text = ''] = stamped.exec(line) ?? [];
  if (seconds === '') return undefined;
  const read = proxyMode === 'nftables' ? parseNftables(text) : parseIptables(text);
  return typeof read === 'object' ? { at: Number(seconds + micros), ...read } : read;
}
