import { type Micros, msToMicros } from '../../model/units.ts';
import type { RuleLine } from '../../recording/rule-line.ts';
import { readLate } from './connections.ts';
import { IptablesFold } from './iptables-fold.ts';
import { NftablesFold } from './nftables-fold.ts';
import type { RuleFold, RuleSet } from './rule-fold.ts';

/** At no less than 50 connections a second a rule to one of six endpoints has none for so long in one of 10^8 arms. */
const usedWithin = msToMicros(2000);

/** kube-proxy's rules on the client's node over time, whatever its mode. */
export class ClientRules {
  readonly #fold: RuleFold;
  /** Whether some of it is known to be missing: then nobody knows when a rule left. */
  lost = false;

  /** Of the Service with this address, by the mode of the lab's kube-proxy. */
  constructor(clusterIp: string, proxyMode: string) {
    this.#fold = proxyMode === 'nftables' ? new NftablesFold(clusterIp) : new IptablesFold(clusterIp);
  }

  see(line: RuleLine): void {
    this.#fold.see(line);
  }

  /** The Service's rules over time; empty where nothing was recorded of them. */
  sets(): readonly RuleSet[] {
    return this.#fold.sets();
  }

  /** What shows by itself that some of the record is missing. */
  get flaw(): string | undefined {
    return this.#fold.flaw;
  }

  /** Whether they keep each client to one endpoint (sessionAffinity: ClientIP). */
  get keepClients(): boolean {
    return this.#fold.keepClients;
  }

  /** Whether its record tells what sent where. */
  get known(): boolean {
    return !this.lost && this.sets().length > 0;
  }

  /** When kube-proxy last synced before a moment, as far as its rules show. */
  lastSync(before: Micros): Micros | undefined {
    return this.known ? this.#fold.syncs.findLast((at) => at <= before) : undefined;
  }

  /** Whether no rule sent anywhere all that time; not where nothing is known of them. */
  sentNowhere(from: Micros, to: Micros): boolean {
    const sets = this.known ? this.sets() : [];
    const first = sets.findLastIndex(({ at }) => at <= from);
    return first >= 0 && sets.slice(first).every(({ at, endpoints }) => at > to || endpoints.size === 0);
  }

  /** Whether some rule led somewhere all that time; false if nothing is known of the rules. */
  ledSomewhere(from: Micros, to: Micros): boolean {
    const sets = this.known ? this.sets() : [];
    const first = sets.findLastIndex(({ at }) => at <= from);
    return first >= 0 && sets.slice(first).every(({ at, endpoints }) => at > to || endpoints.size > 0);
  }

  /** Whether the rule to an address stands, or when it left the node for the last time. */
  of(address: string): 'unknown' | 'stands' | Micros {
    const sets = this.known ? this.sets() : [];
    const last = sets.findLastIndex(({ endpoints }) => endpoints.has(address));
    return last < 0 ? 'unknown' : (sets[last + 1]?.at ?? 'stands');
  }

  /** When it left, where it is known that it did. */
  gone(address: string): Micros | undefined {
    const rule = this.of(address);
    return typeof rule === 'number' ? rule : undefined;
  }

  /**
   * What shows that the end of the record is missing: a connection to where no rule leads any more, or none to where one
   * leads until `end` while others were used. Of rules that keep clients, those that nobody is kept to are not used.
   */
  contradiction(routed: ReadonlyMap<string, { readonly last: Micros }>, end: Micros): string | undefined {
    const last = this.sets().at(-1);
    if (!last) return undefined;
    const stray = [...routed].find(([ip, { last: used }]) => used > last.at + readLate && !last.endpoints.has(ip));
    if (stray) return `leads no more to ${stray[0]}, and a connection went there`;
    if (this.keepClients) return undefined;
    const since = end - usedWithin;
    const isUsed = (ip: string) => (routed.get(ip)?.last ?? 0) >= since;
    const idle = [...last.endpoints].find((ip) => !isUsed(ip));
    if (idle === undefined || last.at > since || ![...last.endpoints].some(isUsed)) return undefined;
    return `leads to ${idle} to the end, and no connection went there`;
  }
}
