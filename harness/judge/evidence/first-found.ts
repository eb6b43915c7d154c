import type { Micros } from '../../model/units.ts';

/** How often something was found, and the first time. */
export interface Found {
  readonly count: number;
  readonly at: Micros;
  readonly text: string;
}

/** Counts findings and keeps the first. */
export class FirstFound {
  #count = 0;
  #first: { readonly at: Micros; readonly text: string } | undefined;

  add(at: Micros, text: () => string): void {
    this.#count += 1;
    this.#first ??= { at, text: text() };
  }

  /** Undefined if nothing was found. */
  found(): Found | undefined {
    return this.#first && { count: this.#count, ...this.#first };
  }
}
