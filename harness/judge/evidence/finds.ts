import type { Micros } from '../../model/units.ts';

/** Something that was found so many times, and where first. */
export interface Found {
  readonly count: number;
  readonly at: Micros;
  readonly text: string;
}

/** Counts what is found, and keeps the first. */
export class Finds {
  #count = 0;
  #first: { readonly at: Micros; readonly text: string } | undefined;

  add(at: Micros, text: () => string): void {
    this.#count += 1;
    this.#first ??= { at, text: text() };
  }

  /** Undefined where nothing was found. */
  found(): Found | undefined {
    return this.#first && { count: this.#count, ...this.#first };
  }
}
