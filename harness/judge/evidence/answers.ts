import type { Request } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import { NumberSet } from './number-set.ts';

const width: Micros = msToMicros(100);
/** An answer that takes longer had to wait: a pod that is not busy takes some milliseconds. */
export const slow: Micros = msToMicros(250);

interface Times {
  readonly any: NumberSet;
  readonly prompt: NumberSet;
}

/** When pods answered requests, to 0.1 s: a bit for each such time in which one was sent that a pod answered. */
export class Answers {
  readonly #from: Micros;
  readonly #byPod = new Map<string, Times>();
  /** No search goes beyond it: a recording that is damaged may ask for any time. */
  #latest = -1;

  /** What was sent before `from` is not kept. */
  constructor(from: Micros) {
    this.#from = from;
  }

  see({ pod, start, end }: Pick<Request, 'pod' | 'start' | 'end'>): void {
    const times = this.#byPod.get(pod) ?? { any: new NumberSet(), prompt: new NumberSet() };
    this.#byPod.set(pod, times);
    if (start < this.#from) return;
    const index = Math.floor((start - this.#from) / width);
    times.any.add(index);
    if (end - start < slow) times.prompt.add(index);
    this.#latest = Math.max(this.#latest, index);
  }

  /** Whether a pod answered a request that was sent well within this time. */
  any(pod: string, from: Micros, to: Micros): boolean {
    return this.#someOf(this.#byPod.get(pod)?.any, from, to);
  }

  /** Whether it answered one of them without delay. */
  anyPrompt(pod: string, from: Micros, to: Micros): boolean {
    return this.#someOf(this.#byPod.get(pod)?.prompt, from, to);
  }

  #someOf(times: NumberSet | undefined, from: Micros, to: Micros): boolean {
    if (!times) return false;
    const last = Math.min(Math.floor((to - this.#from) / width), this.#latest + 1);
    for (let index = Math.max(0, Math.ceil((from - this.#from) / width)); index < last; index++) {
      if (times.has(index)) return true;
    }
    return false;
  }
}
