import type { RuleText } from './rule-line.ts';

const change = /^(add|delete) (rule|element) ip kube-proxy (\S+) (.*)$/;
/** A change of a whole chain, map or set. */
const otherChange = /^(?:add|create|delete|destroy) (?:table|chain|map|set|counter) ip kube-proxy(?: |$)/;
const committed = /^# new generation (\d{1,10}) by process \d+ \(.*\)$/;
const begun = /^(?:table ip kube-proxy|\t(?:[a-z]+ ){1,2}(\S+)) \{$/;
/** A line with elements, which ends with a comma or a bracket. */
const elementLine = /^(?:\t\telements = \{|\t{3} ) /;

const address = String.raw`(\d{1,3}(?:\.\d{1,3}){3})`;
const toOne = new RegExp(String.raw`^meta l4proto \w+ dnat to ${address}:\d+$`);
/** nft before 1.1 prints `addr . port`. */
const toMany = /^meta l4proto \w+ dnat ip (?:addr \. port )?to numgen random mod (\d+) map \{ (.*) \}$/;
const toChains = /^numgen random mod (\d+) vmap \{ (.*) \}$/;
const place = new RegExp(String.raw`^(\d+) : ${address} \. \d+$`);
const jump = /^(\d+) : goto (\S{1,256})$/;
/** A rule that forwards, complete or not. A match of `ct status dnat` does not forward. */
const sending = /(?<!status )\bdnat\b|\bnumgen\b/;

/**
 * The targets to which a rule in the chain of a Service or an endpoint forwards: addresses of endpoints or names of
 * their chains. Empty if it forwards nothing. Undefined if the rule is incomplete.
 */
export function targetsOf(rule: string): readonly string[] | undefined {
  const one = toOne.exec(rule)?.[1];
  if (one !== undefined) return [one];
  const [, count, elements] = toMany.exec(rule) ?? toChains.exec(rule) ?? [];
  if (elements === undefined) return sending.test(rule) ? undefined : [];
  const entry = rule.startsWith('numgen') ? jump : place;
  const targets = elements.split(', ').map((element, index) => {
    const [, number, target = ''] = entry.exec(element) ?? [];
    return number === String(index) ? target : '';
  });
  return targets.length === Number(count) && !targets.includes('') ? targets : undefined;
}

/**
 * The address and port of a Service, and the chain that it leads to. `chain` is empty if the connection is rejected or
 * dropped.
 */
export interface ServiceElement {
  readonly ip: string;
  readonly protocol: string;
  readonly chain: string;
}

const serviceElement = new RegExp(
  String.raw`(?<![\d.])${address} \. (\w{1,9}) \. \d{1,5}(?: comment "[^"]{0,128}")? : (?:goto ([^\s,]{1,256})|\w{1,9})`,
  'g',
);

/** The elements of a map of Services in a line; empty if it has none. */
export const serviceElements = (text: string): ServiceElement[] =>
  [...text.matchAll(serviceElement)].map(([, ip = '', protocol = '', chain = '']) => ({ ip, protocol, chain }));

/** journalctl prints each tab at the start of a line as eight spaces. */
const withTabs = (text: string): string => text.replace(/^(?: {8})+/, (spaces) => '\t'.repeat(spaces.length / 8));

/** Parses a line that nft prints about the table of kube-proxy in nftables mode. */
export function parseNftables(printed: string): RuleText {
  const text = withTabs(printed);
  const [, verb, kind, name, what = ''] = change.exec(text) ?? [];
  if (name !== undefined) {
    const isWhole = verb === 'add' ? isWholeAddition(kind ?? '', what) : isWholeDeletion(kind ?? '', what);
    if (!isWhole) return undefined;
    return { what: verb === 'add' ? 'added' : 'deleted', name, text: what.replace(/^handle \d+ /, '') };
  }
  const number = committed.exec(text)?.[1];
  if (number !== undefined) return { what: 'committed', name: '', text: number };
  const begins = begun.exec(text);
  if (begins) return { what: 'begin', name: begins[1] ?? '', text: '' };
  if (/^\s*\}$/.test(text)) return { what: 'end', name: '', text: '' };
  if (/^\s/.test(text)) return isWholeListing(text) ? { what: 'listed', name: '', text: text.trim() } : undefined;
  return otherChange.test(text) ? 'other' : undefined;
}

const isSet = (text: string): boolean => /^\{ .* \}$/.test(text);

const isWholeAddition = (kind: string, text: string): boolean =>
  kind === 'element' ? isSet(text) : targetsOf(text.replace(/^handle \d+ /, '')) !== undefined;

const isWholeDeletion = (kind: string, text: string): boolean =>
  kind === 'element' ? isSet(text) : /^handle \d+$/.test(text);

const isWholeListing = (text: string): boolean =>
  elementLine.test(text) ? /(?:,| \})$/.test(text) : targetsOf(text.trim()) !== undefined;
