import { type Micros, msToMicros } from '../../model/units.ts';
import type { RuleLine } from '../../recording/rules.ts';
import { readLate } from './connections.ts';

/** Where the rules of the client's node sent connections to a Service, from a moment to the next change. */
export interface RuleSet {
  readonly at: Micros;
  /** Addresses of endpoints. */
  readonly endpoints: ReadonlySet<string>;
}

/** kube-proxy writes all of a sync at once; what comes later belongs to the next. */
const sameSync = msToMicros(50);

/** At no less than 50 connections a second a rule to one of six endpoints has none for so long in one of 10^8 arms. */
const usedWithin = msToMicros(2000);

/** Of one Service; a recording that is damaged may claim any number. */
const mostEndpoints = 1000;

const toService = /^ip daddr (\S+) .*\bjump (KUBE-SVC-\S+)$/;
/** `recent` is how kube-proxy remembers a client's pod. */
const toKeptEndpoint = /\bxt match "recent" .*\bjump KUBE-SEP-/;
const toEndpoint = /\bjump (KUBE-SEP-\S+)$/;
const toAddress = /\bdnat to ([\d.]+):\d+$/;

/** kube-proxy's rules on the client's node over time, put together from the changes that nft told (iptables mode). */
export class ClientRules {
  readonly #clusterIp: string;
  readonly #services = new Map<string, string>();
  readonly #jumps = new Map<string, string[]>();
  readonly #addresses = new Map<string, string>();
  readonly #history = new Map<string, RuleSet[]>();
  /** Chains that keep each client to one endpoint. */
  readonly #affine = new Set<string>();
  #chain = '';
  #sync: Micros | undefined;
  #last: Micros = 0;
  readonly #touched = new Set<string>();
  /** Chains of which a change was told. What is listed of them after that is the same, or older. */
  readonly #changed = new Set<string>();
  readonly #syncs: Micros[] = [];
  /** Whether some of it is known to be missing: then nobody knows when a rule left. */
  lost = false;

  /** Of the Service with this address. */
  constructor(clusterIp: string) {
    this.#clusterIp = clusterIp;
  }

  see({ at, what, chain, rule }: RuleLine): void {
    if (this.#sync !== undefined && at - this.#last > sameSync) this.#settle();
    this.#sync ??= at;
    this.#last = at;
    if (what === 'chain') this.#chain = chain;
    else if (what === 'end') this.#chain = '';
    else if (what === 'listed') this.#list(this.#chain, rule);
    else {
      if (this.#syncs.at(-1) !== this.#sync) this.#syncs.push(this.#sync);
      this.#changed.add(chain);
      if (what === 'deleted') this.#delete(chain);
      else this.#add(chain, rule);
    }
  }

  #list(chain: string, rule: string): void {
    if (!this.#changed.has(chain)) this.#add(chain, rule);
  }

  /** A chain is always written anew as a whole. */
  #delete(chain: string): void {
    if (!chain.startsWith('KUBE-SVC-')) return;
    this.#jumps.set(chain, []);
    this.#touched.add(chain);
  }

  #add(chain: string, rule: string): void {
    const [, clusterIp, service] = toService.exec(rule) ?? [];
    if (chain === 'KUBE-SERVICES' && clusterIp !== undefined && service !== undefined)
      this.#services.set(clusterIp, service);
    if (chain.startsWith('KUBE-SVC-') && toKeptEndpoint.test(rule)) this.#affine.add(chain);
    const endpoint = toEndpoint.exec(rule)?.[1];
    if (chain.startsWith('KUBE-SVC-') && endpoint !== undefined) {
      const jumps = this.#jumps.get(chain) ?? [];
      if (jumps.length < mostEndpoints) jumps.push(endpoint);
      this.#jumps.set(chain, jumps);
      this.#touched.add(chain);
    }
    const address = toAddress.exec(rule)?.[1];
    if (chain.startsWith('KUBE-SEP-') && address !== undefined) this.#addresses.set(chain, address);
  }

  /** A sync is over: what it changed holds from its first rule on. */
  #settle(): void {
    const at = this.#sync ?? this.#last;
    for (const service of this.#touched) {
      const addresses = (this.#jumps.get(service) ?? []).map((chain) => this.#addresses.get(chain) ?? '');
      const history = this.#history.get(service) ?? [];
      history.push({ at, endpoints: new Set(addresses) });
      this.#history.set(service, history);
    }
    this.#touched.clear();
    this.#sync = undefined;
  }

  /** The Service's rules over time; empty where nothing was recorded of them. */
  sets(): readonly RuleSet[] {
    if (this.#sync !== undefined) this.#settle();
    return this.#history.get(this.#services.get(this.#clusterIp) ?? '') ?? [];
  }

  /** Whether they keep each client to one endpoint (sessionAffinity: ClientIP). */
  get keepClients(): boolean {
    return this.#affine.has(this.#services.get(this.#clusterIp) ?? '');
  }

  /** Whether its record tells what sent where. */
  get known(): boolean {
    return !this.lost && this.sets().length > 0;
  }

  /** When kube-proxy last synced before a moment: whatever it changes, it writes KUBE-SERVICES anew. */
  lastSync(before: Micros): Micros | undefined {
    return this.known ? this.#syncs.findLast((at) => at <= before) : undefined;
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
