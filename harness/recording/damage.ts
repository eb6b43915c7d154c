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
  readonly #counts = new Map<string, number>();

  add(damage: Damage): void {
    const count = (this.#counts.get(damage.file) ?? 0) + 1;
    this.#counts.set(damage.file, count);
    if (count <= keptPerFile && this.#kept.length < keptOfAll) this.#kept.push(damage);
  }

  get count(): number {
    let sum = 0;
    for (const count of this.#counts.values()) sum += count;
    return sum;
  }

  /** At most 20 of each file. */
  list(): readonly Damage[] {
    return this.#kept;
  }
}

/** `events.ndjson:12: not JSON`. */
export const damageInWords = ({ file, line, what }: Damage): string =>
  `${line === undefined ? file : `${file}:${line}`}: ${what}`;
