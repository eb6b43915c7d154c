import { type Micros, msToMicros } from '../../model/units.ts';

/** A time in which a node gave no sign of life to the API server. `to` is absent if it never did again. */
export interface Silence {
  readonly from: Micros;
  readonly to?: Micros;
}

const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? 0;

/** The renewals of the nodes’ leases, as the watch reported them. */
export class Leases {
  readonly #renewals = new Map<string, Micros[]>();
  #last: Micros = 0;
  #silences: ReadonlyMap<string, readonly Silence[]> | undefined;

  see(at: Micros, node: string): void {
    const own = this.#renewals.get(node);
    if (own) own.push(at);
    else this.#renewals.set(node, [at]);
    this.#last = Math.max(this.#last, at);
    this.#silences = undefined;
  }

  /** The silence of a node at that time: several renewals long, while other nodes renewed their leases. */
  silence(node: string, at: Micros): Silence | undefined {
    return this.of(node).find(({ from, to }) => from <= at && at <= (to ?? at));
  }

  /** All silences of a node. */
  of(node: string): readonly Silence[] {
    this.#silences ??= this.#findSilences();
    return this.#silences.get(node) ?? [];
  }

  #findSilences(): Map<string, readonly Silence[]> {
    const between = [...this.#renewals.values()].flatMap((own) =>
      own.slice(1).map((at, index) => at - (own[index] ?? at)),
    );
    const usual = median(between.toSorted((one, other) => one - other));
    const long = 3 * usual + msToMicros(1000);
    const found = new Map<string, readonly Silence[]>();
    for (const [node, own] of this.#renewals) {
      const silences = own.flatMap((from, index): Silence[] => {
        const next = own[index + 1];
        const to = next ?? this.#last;
        if (usual === 0 || to - from < long || !this.#othersWentOn(node, from, to, long)) return [];
        return [next === undefined ? { from } : { from, to: next }];
      });
      found.set(node, silences);
    }
    return found;
  }

  /** Whether other nodes renewed their leases all the time, so that neither the watch nor the API server was silent. */
  #othersWentOn(node: string, from: Micros, to: Micros, long: Micros): boolean {
    const others = [...this.#renewals].flatMap(([other, own]) => (other === node ? [] : own));
    const heard = others.filter((at) => at > from && at < to).sort((one, other) => one - other);
    return [...heard, to].every((at, index) => at - (heard[index - 1] ?? from) < long);
  }
}
