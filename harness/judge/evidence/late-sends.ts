import { type Micros, type Ms, msToMicros } from '../../model/units.ts';

const widthMs: Ms = 100;
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

  constructor(from: Micros) {
    this.#from = from;
  }

  see({ due, start }: { readonly due: Micros; readonly start: Micros }): void {
    if (start - due <= msToMicros(lateSendMs)) return;
    const slice = Math.floor((due - this.#from) / msToMicros(widthMs));
    this.#sent.set(slice, Math.max(this.#sent.get(slice) ?? 0, start));
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
