import type { RuleText } from './rule-line.ts';

const change = /^(add|delete) (rule|element) ip kube-proxy (\S+) (.*)$/;
/** A change of a chain, a map or a set as a whole. */
const otherChange = /^(?:add|create|delete|destroy) (?:table|chain|map|set|counter) ip kube-proxy(?: |$)/;
const committed = /^# new generation (\d{1,10}) by process \d+ \(.*\)$/;
const begun = /^(?:table ip kube-proxy|\t(?:[a-z]+ ){1,2}(\S+)) \{$/;
/** A line of elements that goes on, or begins: it ends with a comma or a bracket. */
const elementLine = /^(?:\t\telements = \{|\t{3} ) /;

const address = String.raw`(\d{1,3}(?:\.\d{1,3}){3})`;
const toOne = new RegExp(String.raw`^meta l4proto \w+ dnat to ${address}:\d+$`);
/** `addr . port` is what nft before 1.1 says. */
const toMany = /^meta l4proto \w+ dnat ip (?:addr \. port )?to numgen random mod (\d+) map \{ (.*) \}$/;
const toChains = /^numgen random mod (\d+) vmap \{ (.*) \}$/;
const place = new RegExp(String.raw`^(\d+) : ${address} \. \d+$`);
const jump = /^(\d+) : goto (\S{1,256})$/;
/** What sends on, whole or not; a match of `ct status dnat` does not. */
const sending = /(?<!status )\bdnat\b|\bnumgen\b/;

/**
 * Where a rule of a Service's or an endpoint's chain sends connections on: addresses of endpoints, or names of their
 * chains. Empty if it sends nowhere by itself, undefined if it is not whole.
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

/** An address and port of a Service, and the chain that it leads to; no chain where it is rejected or dropped. */
export interface ServiceElement {
  readonly ip: string;
  readonly protocol: string;
  readonly chain: string;
}

const serviceElement = new RegExp(
  String.raw`(?<![\d.])${address} \. (\w{1,9}) \. \d{1,5}(?: comment "[^"]{0,128}")? : (?:goto ([^\s,]{1,256})|\w{1,9})`,
  'g',
);

/** The elements of a map of Services in a line; none where there are none. */
export const serviceElements = (text: string): ServiceElement[] =>
  [...text.matchAll(serviceElement)].map(([, ip = '', protocol = '', chain = '']) => ({ ip, protocol, chain }));

/** journalctl prints each tab at the start of a line as eight spaces. */
const withTabs = (text: string): string => text.replace(/^(?: {8})+/, (spaces) => '\t'.repeat(spaces.length / 8));

/** Reads what nft prints of kube-proxy's table in nftables mode. */
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
