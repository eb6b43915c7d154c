import { type Micros, msToMicros } from '../../model/units.ts';
import type { RuleLine } from '../../recording/rule-line.ts';
import { readLate } from './connections.ts';
import { IptablesFold } from './iptables-fold.ts';
import { NftablesFold } from './nftables-fold.ts';
import type { RuleFold, RuleSet } from './rule-fold.ts';

/** At 50 connections a second or more, a rule to one of six endpoints is unused for this long in one of 10^8 arms. */
const usedWithin = msToMicros(2000);

/** kube-proxy’s rules on the client’s node over time, in either mode of kube-proxy. */
export class ClientRules {
  readonly #fold: RuleFold;
  /** Whether some of the record is known to be missing. Then it is unknown when a rule was removed. */
  lost = false;

  /** The rules of the Service with this address, for the lab’s mode of kube-proxy. */
  constructor(clusterIp: string, proxyMode: string) {
    this.#fold = proxyMode === 'nftables' ? new NftablesFold(clusterIp) : new IptablesFold(clusterIp);
  }

  see(line: RuleLine): void {
    this.#fold.see(line);
  }

  /** The Service’s rules over time; empty if none were recorded. */
  sets(): readonly RuleSet[] {
    return this.#fold.sets();
  }

  /** Why the record by itself shows that lines are missing; undefined if it does not. */
  get flaw(): string | undefined {
    return this.#fold.flaw;
  }

  /** Whether they keep each client to one endpoint (sessionAffinity: ClientIP). */
  get keepClients(): boolean {
    return this.#fold.keepClients;
  }

  /** Whether the record shows where the rules led. */
  get known(): boolean {
    return !this.lost && this.sets().length > 0;
  }

  /** When kube-proxy last synced before a moment, as far as its rules show. */
  lastSync(before: Micros): Micros | undefined {
    return this.known ? this.#fold.syncs.findLast((at) => at <= before) : undefined;
  }

  /** Whether no rule led anywhere during the whole time; false if nothing is known of it. */
  sentNowhere(from: Micros, to: Micros): boolean {
    const sets = this.known ? this.sets() : [];
    const first = sets.findLastIndex(({ at }) => at <= from);
    return first >= 0 && sets.slice(first).every(({ at, endpoints }) => at > to || endpoints.size === 0);
  }

  /** Whether some rule led somewhere during the whole time; false if nothing is known of it. */
  ledSomewhere(from: Micros, to: Micros): boolean {
    const sets = this.known ? this.sets() : [];
    const first = sets.findLastIndex(({ at }) => at <= from);
    return first >= 0 && sets.slice(first).every(({ at, endpoints }) => at > to || endpoints.size > 0);
  }

  /** Whether the rule to an address still exists, or when it was removed for the last time. */
  of(address: string): 'unknown' | 'stands' | Micros {
    const sets = this.known ? this.sets() : [];
    const last = sets.findLastIndex(({ endpoints }) => endpoints.has(address));
    return last < 0 ? 'unknown' : (sets[last + 1]?.at ?? 'stands');
  }

  /** When the rule was removed; undefined if that is unknown. */
  gone(address: string): Micros | undefined {
    const rule = this.of(address);
    return typeof rule === 'number' ? rule : undefined;
  }

  /**
   * Why connections show that the end of the record is missing: one went to an endpoint without a rule, or none went to
   * an endpoint with a rule until `end` while others were used. If rules keep clients to endpoints, some endpoints are
   * not used. Undefined if there is no contradiction.
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
