import { type Micros, type Ms, msToMicros } from '../../model/units.ts';

const widthMs: Ms = 100;
/** Later ones are merged, because a damaged recording may have any number. */
const mostSlices = 10_000;
/** A request that is sent later than this was due while its generator was paused or had no CPU. */
export const lateSendMs: Ms = 250;

interface Span {
  readonly from: Micros;
  readonly to: Micros;
}

/**
 * The times in which a generator had due requests and did not send them: from each due time until the request was sent.
 */
export class LateSends {
  readonly #from: Micros;
  /** By the 0.1 s in which requests were due: when the last of them was sent. */
  readonly #sent = new Map<number, Micros>();

  #earliest = Number.POSITIVE_INFINITY;

  constructor(from: Micros) {
    this.#from = from;
  }

  see({ due, start }: { readonly due: Micros; readonly start: Micros }): void {
    if (start - due <= msToMicros(lateSendMs)) return;
    const slice = Math.floor((Math.max(due, this.#from) - this.#from) / msToMicros(widthMs));
    // Beyond the limit, all are merged into one long time.
    const kept = this.#sent.size < mostSlices || this.#sent.has(slice) ? slice : Math.min(slice, this.#earliest);
    this.#earliest = Math.min(this.#earliest, kept);
    this.#sent.set(kept, Math.max(this.#sent.get(kept) ?? 0, start));
  }

  /** In order, with a resolution of 0.1 s. Overlapping times are merged. */
  spans(): Span[] {
    const all = [...this.#sent]
      .map(([slice, to]) => ({ from: this.#from + slice * msToMicros(widthMs), to }))
      .sort((one, other) => one.from - other.from);
    return joined(all);
  }
}

/** Merges overlapping spans. They must be in order of their start. */
export function joined(spans: readonly Span[]): Span[] {
  const all: { readonly from: Micros; to: Micros }[] = [];
  for (const { from, to } of spans) {
    const last = all.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}
