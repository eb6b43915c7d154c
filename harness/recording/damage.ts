/** A part of a recording that cannot be read as expected. The rest of the file is still used. */
export interface Damage {
  /** Relative to the arm's folder. */
  readonly file: string;
  /** The line number from 1; absent if it is about the whole file. */
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

  /** Adds the reason why the rest of a file is not read. Such reasons are listed first. */
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

  /** The reasons why files were not read to their end, then at most 20 damages of each file. */
  list(): readonly Damage[] {
    return [...this.#ends, ...this.#kept];
  }
}

/** `events.ndjson:12: not JSON`. */
export const damageInWords = ({ file, line, what }: Damage): string =>
  `${line === undefined ? file : `${file}:${line}`}: ${what}`;
