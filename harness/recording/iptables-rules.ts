import type { RuleText } from './rule-line.ts';

const change = /^(add|delete) rule ip nat (KUBE-\S+) (.*)$/;
/** A change of another rule or chain. journald returns some of them with the others. */
const otherChange = /^(?:add|insert|delete) (?:rule|chain) /;
const chainStart = /^\s*chain (KUBE-\S+) \{$/;

/** Parses a line that nft prints about the chains of kube-proxy in iptables mode (table `ip nat`). */
export function parseIptables(text: string): RuleText {
  const [, verb, changed, rule] = change.exec(text) ?? [];
  if (changed !== undefined) return { what: verb === 'add' ? 'added' : 'deleted', name: changed, text: rule ?? '' };
  const begun = chainStart.exec(text)?.[1];
  if (begun !== undefined) return { what: 'begin', name: begun, text: '' };
  if (/^\s*\}$/.test(text)) return { what: 'end', name: '', text: '' };
  if (/^\s/.test(text)) return { what: 'listed', name: '', text: text.trim() };
  return otherChange.test(text) ? 'other' : undefined;
}
