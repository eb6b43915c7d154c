import type { Micros } from '../../model/units.ts';
import { serviceElements, targetsOf } from '../../recording/nftables-rules.ts';
import type { RuleLine } from '../../recording/rule-line.ts';
import { mostEndpoints, type RuleFold, type RuleSet } from './rule-fold.ts';

/** The set with the addresses of all Services. */
const clusterIps = 'cluster-ips';
/** Each address is an element of one of two maps: to the Service’s chain, or to a rejection. */
const withEndpoints = 'service-ips';
const withoutEndpoints = 'no-endpoint-services';

const ofServices: ReadonlySet<string> = new Set([clusterIps, withEndpoints, withoutEndpoints]);

/** An `affinity-…` set holds the clients that kube-proxy keeps to an endpoint. */
const toKeptEndpoint = /^ip saddr @affinity-\S+ goto endpoint-/;

/** The chains and addresses that a rule leads to; empty if it leads nowhere. */
type Targets = readonly string[];

const isAddress = (target: string): boolean => /^\d/.test(target);

/**
 * kube-proxy’s table in nftables mode, for a Service with one TCP port. One rule of the Service’s chain leads on: to
 * the only endpoint, or to any endpoint through a map; with session affinity, to the endpoints’ chains. The kernel’s
 * transactions are numbered, and each leaves the table complete.
 */
export class NftablesFold implements RuleFold {
  readonly #clusterIp: string;
  readonly #chains = new Map<string, Targets[]>();
  /** Chains that keep each client to one endpoint. */
  readonly #affine = new Set<string>();
  /** The maps of `ofServices` that hold the Service’s address, and the chain that each leads to. */
  readonly #elements = new Map<string, string>();
  /** The Service’s chain, even while it has no endpoint. */
  #serviceChain = '';
  /** Whether any line was about the Service. */
  #isKnown = false;
  /**
   * Chains with a recorded change, and maps that changed for the Service. Later list lines of them are the same or
   * older.
   */
  readonly #changed = new Set<string>();
  readonly #sets: RuleSet[] = [];
  readonly syncs: Micros[] = [];
  /** The open blocks of a list: the table, then one of its chains or maps. */
  readonly #open: string[] = [];
  #isListed = false;
  /** The first change of a transaction that is not committed yet. */
  #began: Micros | undefined;
  #number: number | undefined;
  #flaw: string | undefined;

  /** The rules of the Service with this address. */
  constructor(clusterIp: string) {
    this.#clusterIp = clusterIp;
  }

  see(line: RuleLine): void {
    const { at, what, name, text } = line;
    if (what === 'begin') this.#open.push(name);
    else if (what === 'listed') this.#list(this.#open.at(-1) ?? '', text);
    else if (what === 'end') this.#end(at);
    else if (what === 'committed') this.#commit(Number(text));
    else {
      this.#began ??= at;
      this.#change(line);
    }
  }

  #list(name: string, text: string): void {
    if (this.#changed.has(name)) return;
    if (!ofServices.has(name)) this.#addRule(name, text);
    else for (const chain of this.#chainsOf(name, text)) this.#addElement(name, chain);
  }

  /** The list is complete when the table ends. */
  #end(at: Micros): void {
    if (this.#open.pop() === undefined || this.#open.length > 0) return;
    this.#isListed = true;
    if (this.#began === undefined) this.#settle(at);
  }

  #change({ what, name, text }: RuleLine): void {
    if (ofServices.has(name)) {
      for (const chain of this.#chainsOf(name, text)) {
        this.#changed.add(name);
        if (what === 'added') this.#addElement(name, chain);
        else this.#elements.delete(name);
      }
      return;
    }
    this.#changed.add(name);
    if (what === 'added') this.#addRule(name, text);
    // A chain is always emptied completely, the oldest rule first.
    else this.#chains.get(name)?.shift();
  }

  #addElement(map: string, chain: string): void {
    this.#isKnown = true;
    this.#elements.set(map, chain);
    if (map === withEndpoints) this.#serviceChain = chain;
  }

  #addRule(chain: string, rule: string): void {
    const rules = this.#chains.get(chain) ?? [];
    if (toKeptEndpoint.test(rule)) this.#affine.add(chain);
    if (rules.length <= mostEndpoints) rules.push(targetsOf(rule) ?? []);
    this.#chains.set(chain, rules);
  }

  /** The chains that these elements lead the Service’s address to: at most one; for a set, an empty name. */
  #chainsOf(name: string, elements: string): string[] {
    if (name === clusterIps) return elements.split(/[{},\s]+/).includes(this.#clusterIp) ? [''] : [];
    return serviceElements(elements)
      .filter(({ ip, protocol }) => ip === this.#clusterIp && protocol === 'tcp')
      .map(({ chain }) => chain);
  }

  /** Ends a transaction. Its changes hold from its first change on. */
  #commit(number: number): void {
    if (this.#number !== undefined && number !== this.#number + 1)
      this.#flaw ??= `goes from transaction ${this.#number} to ${number}`;
    this.#number = number;
    if (this.#began === undefined) return;
    this.syncs.push(this.#began);
    if (this.#isListed) this.#settle(this.#began);
    this.#began = undefined;
  }

  #settle(at: Micros): void {
    if (!this.#isKnown) return;
    const maps = [withEndpoints, withoutEndpoints].filter((map) => this.#elements.has(map)).length;
    const expected = this.#elements.has(clusterIps) ? 1 : 0;
    if (maps !== expected) this.#flaw ??= `has ${this.#clusterIp} in ${maps} maps of Services instead of ${expected}`;
    const chain = this.#elements.get(withEndpoints);
    const endpoints = new Set(chain === undefined ? [] : this.#addressesOf(chain));
    const last = this.#sets.at(-1)?.endpoints;
    const isSame = last?.size === endpoints.size && [...endpoints].every((ip) => last.has(ip));
    if (!isSame) this.#sets.push({ at, endpoints });
  }

  #addressesOf(service: string): string[] {
    return this.#sentOnBy(service).flatMap((target) => (isAddress(target) ? [target] : this.#sentOnBy(target)));
  }

  /** The targets of the chain’s only rule that leads on. */
  #sentOnBy(chain: string): Targets {
    const sending = (this.#chains.get(chain) ?? []).filter((targets) => targets.length > 0);
    const [targets = []] = sending;
    if (sending.length !== 1)
      this.#flaw ??= `leads to ${chain}, in which ${sending.length} rules lead on instead of one`;
    return targets.slice(0, mostEndpoints);
  }

  sets(): readonly RuleSet[] {
    return this.#sets;
  }

  get keepClients(): boolean {
    return this.#affine.has(this.#serviceChain);
  }

  get flaw(): string | undefined {
    if (!this.#isListed) return 'holds no whole list of the rules that stood before';
    if (this.#began !== undefined) return 'ends within a transaction';
    return this.#flaw;
  }
}
