import type { Micros } from '../model/units.ts';

/** One line of `rules.log`: a rule of the client's node that leads to a Service, as the journal stamped it. */
export interface RuleLine {
  readonly at: Micros;
  /** `chain`: a chain begins whose rules follow, each `listed`; `end`: it ends. The others are changes. */
  readonly what: 'chain' | 'listed' | 'end' | 'added' | 'deleted';
  /** Empty where the rule stands in the chain that began last. */
  readonly chain: string;
  readonly rule: string;
}

const stamped = /^(\d+)\.(\d{6}) \S+?: (.*)$/;
const change = /^(add|delete) rule ip nat (KUBE-\S+) (.*)$/;
/** A change of something else; journald hands out some of them with the rest. */
const otherChange = /^\d+\.\d{6} \S+?: (?:add|insert|delete) (?:rule|chain) /;
const chainStart = /^\s*chain (KUBE-\S+) \{$/;

/** Reads a line as `journalctl --output=short-unix` prints it of `nft list` and `nft monitor`; undefined when it is none. */
export function parseRuleLine(line: string): RuleLine | undefined {
  const [, seconds = '', micros = '', text = ''] = stamped.exec(line) ?? [];
  if (seconds === '') return undefined;
  const at = Number(seconds + micros);
  const [, verb, changed, rule] = change.exec(text) ?? [];
  if (changed !== undefined)
    return { at, what: verb === 'add' ? 'added' : 'deleted', chain: changed, rule: rule ?? '' };
  const begun = chainStart.exec(text)?.[1];
  if (begun !== undefined) return { at, what: 'chain', chain: begun, rule: '' };
  if (/^\s*\}$/.test(text)) return { at, what: 'end', chain: '', rule: '' };
  return /^\s/.test(text) ? { at, what: 'listed', chain: '', rule: text.trim() } : undefined;
}

/** Whether it is a whole line all the same, of a rule that leads to no Service. */
export const isOtherRule = (line: string): boolean => otherChange.test(line);
