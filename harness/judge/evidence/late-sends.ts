import { type Micros, type Ms, msToMicros } from '../../model/units.ts';

const widthMs: Ms = 100;
/** More are not kept apart: a recording that is damaged may have any number. */
const mostSlices = 10_000;
/** One that is sent later than this was due while its generator stood still, or had no processor. */
export const lateSendMs: Ms = 250;

interface Span {
  readonly from: Micros;
  readonly to: Micros;
}

/** The times in which a generator had requests to send and did not send them: from when each was due until it was sent. */
export class LateSends {
  readonly #from: Micros;
  /** By the tenth of a second in which requests were due: when the last of them was sent. */
  readonly #sent = new Map<number, Micros>();

  #earliest = Number.POSITIVE_INFINITY;

  constructor(from: Micros) {
    this.#from = from;
  }

  see({ due, start }: { readonly due: Micros; readonly start: Micros }): void {
    if (start - due <= msToMicros(lateSendMs)) return;
    const slice = Math.floor((Math.max(due, this.#from) - this.#from) / msToMicros(widthMs));
    // What is too much to keep apart counts as one long time, from its first to its last.
    const kept = this.#sent.size < mostSlices || this.#sent.has(slice) ? slice : Math.min(slice, this.#earliest);
    this.#earliest = Math.min(this.#earliest, kept);
    this.#sent.set(kept, Math.max(this.#sent.get(kept) ?? 0, start));
  }

  /** In order, to 0.1 s; those that overlap are one. */
  spans(): Span[] {
    const all = [...this.#sent]
      .map(([slice, to]) => ({ from: this.#from + slice * msToMicros(widthMs), to }))
      .sort((one, other) => one.from - other.from);
    return joined(all);
  }
}

/** Spans in order of their beginning; those that overlap become one. */
export function joined(spans: readonly Span[]): Span[] {
  const all: { readonly from: Micros; to: Micros }[] = [];
  for (const { from, to } of spans) {
    const last = all.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}
