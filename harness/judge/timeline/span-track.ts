import type { Span } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';

/** A state over time, built from observations. Equal consecutive states form one span. */
export class SpanTrack<State extends string> {
  readonly #changes: { readonly at: Micros; readonly state: State | undefined }[] = [];
  /** If a clock was set back, a later observation may have an earlier stamp. */
  #inOrder = true;

  /** `undefined` ends the last span. */
  see(at: Micros, state: State | undefined): void {
    const last = this.#changes.at(-1);
    if (last?.state === state) return;
    if (last && at < last.at) this.#inOrder = false;
    this.#changes.push({ at, state });
  }

  at(moment: Micros): State | undefined {
    if (!this.#inOrder) return this.#changes.findLast(({ at }) => at <= moment)?.state;
    let [first, after] = [0, this.#changes.length];
    while (first < after) {
      const middle = (first + after) >>> 1;
      if ((this.#changes[middle]?.at ?? 0) <= moment) first = middle + 1;
      else after = middle;
    }
    return this.#changes[first - 1]?.state;
  }

  spans(): Span<State>[] {
    return this.#changes.flatMap(({ at, state }, index) => {
      if (state === undefined) return [];
      const next = this.#changes[index + 1];
      return next ? [{ state, from: at, to: next.at }] : [{ state, from: at }];
    });
  }
}
