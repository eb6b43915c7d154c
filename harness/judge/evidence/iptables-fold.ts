import { type Micros, msToMicros } from '../../model/units.ts';
import type { RuleLine } from '../../recording/rule-line.ts';
import { mostEndpoints, type RuleFold, type RuleSet } from './rule-fold.ts';

/** kube-proxy writes the lines of a sync at once. A later line belongs to the next sync. */
const sameSync = msToMicros(50);

const toService = /^ip daddr (\S+) .*\bjump (KUBE-SVC-\S+)$/;
/** kube-proxy uses the `recent` match to keep a client to its pod. */
const toKeptEndpoint = /\bxt match "recent" .*\bjump KUBE-SEP-/;
const toEndpoint = /\bjump (KUBE-SEP-\S+)$/;
const toAddress = /\bdnat to ([\d.]+):\d+$/;

/** kube-proxy’s chains in iptables mode. Every sync rewrites KUBE-SERVICES. */
export class IptablesFold implements RuleFold {
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
  /** Chains with a recorded change. Later list lines of them are the same or older. */
  readonly #changed = new Set<string>();
  readonly syncs: Micros[] = [];
  /** No line shows how many lines there should be. */
  readonly flaw = undefined;

  /** The rules of the Service with this address. */
  constructor(clusterIp: string) {
    this.#clusterIp = clusterIp;
  }

  see({ at, what, name, text }: RuleLine): void {
    if (this.#sync !== undefined && at - this.#last > sameSync) this.#settle();
    this.#sync ??= at;
    this.#last = at;
    if (what === 'begin') this.#chain = name;
    else if (what === 'end') this.#chain = '';
    else if (what === 'listed') this.#list(this.#chain, text);
    else {
      if (this.syncs.at(-1) !== this.#sync) this.syncs.push(this.#sync);
      this.#changed.add(name);
      if (what === 'deleted') this.#delete(name);
      else this.#add(name, text);
    }
  }

  #list(chain: string, rule: string): void {
    if (!this.#changed.has(chain)) this.#add(chain, rule);
  }

  /** A chain is always rewritten as a whole. */
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

  /** Ends a sync. Its changes hold from its first rule on. */
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

  sets(): readonly RuleSet[] {
    if (this.#sync !== undefined) this.#settle();
    return this.#history.get(this.#services.get(this.#clusterIp) ?? '') ?? [];
  }
  get keepClients(): boolean {
    return this.#affine.has(this.#services.get(this.#clusterIp) ?? '');
  }
}
