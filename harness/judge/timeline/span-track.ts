import type { Span } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';

/** A state over time, built from observations in order; equal ones in a row are one span. */
export class SpanTrack<State extends string> {
  readonly #changes: { readonly at: Micros; readonly state: State | undefined }[] = [];

  /** `undefined` ends the last span. */
  see(at: Micros, state: State | undefined): void {
    if (this.#changes.at(-1)?.state !== state) this.#changes.push({ at, state });
  }

  at(moment: Micros): State | undefined {
    return this.#changes.findLast(({ at }) => at <= moment)?.state;
  }

  spans(): Span<State>[] {
    return this.#changes.flatMap(({ at, state }, index) => {
      if (state === undefined) return [];
      const next = this.#changes[index + 1];
      return next ? [{ state, from: at, to: next.at }] : [{ state, from: at }];
    });
  }
}
