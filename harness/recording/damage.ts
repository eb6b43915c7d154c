/** A place of a recording that cannot be read as it should. The rest of the file is used all the same. */
export interface Damage {
  /** Relative to the arm's folder. */
  readonly file: string;
  /** From 1; absent if the whole file is meant. */
  readonly line?: number;
  readonly what: string;
}

const keptPerFile = 20;
const keptOfAll = 2000;

/** Collects damage: the first places of each file in full, the rest as a count. */
export class DamageLog {
  readonly #kept: Damage[] = [];
  readonly #ends: Damage[] = [];
  readonly #counts = new Map<string, number>();

  add(damage: Damage): void {
    if (this.#count(damage) <= keptPerFile && this.#kept.length < keptOfAll) this.#kept.push(damage);
  }

  /** Says why no more is read of a file: that comes before all else. */
  end(damage: Damage): void {
    this.#count(damage);
    if (this.#ends.length < keptOfAll) this.#ends.push(damage);
  }

  #count({ file }: Damage): number {
    const count = (this.#counts.get(file) ?? 0) + 1;
    this.#counts.set(file, count);
    return count;
  }

  get count(): number {
    let sum = 0;
    for (const count of this.#counts.values()) sum += count;
    return sum;
  }

  /** At most 20 places of each file, and why any of them was not read to its end. */
  list(): readonly Damage[] {
    return [...this.#ends, ...this.#kept];
  }
}

/** `events.ndjson:12: not JSON`. */
export const damageInWords = ({ file, line, what }: Damage): string =>
  `${line === undefined ? file : `${file}:${line}`}: ${what}`;
