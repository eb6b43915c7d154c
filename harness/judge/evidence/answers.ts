import type { Request } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import { NumberSet } from './number-set.ts';

const width: Micros = msToMicros(100);
/** A pod with free CPU answers within a few milliseconds. A slower answer had to wait. */
export const slow: Micros = msToMicros(250);

interface Times {
  readonly any: NumberSet;
  readonly prompt: NumberSet;
}

/**
 * When each pod answered requests, as one bit per 0.1 s: set if a request was sent in that time that the pod answered.
 */
export class Answers {
  readonly #from: Micros;
  readonly #byPod = new Map<string, Times>();
  /** Searches stop here, because a damaged recording may ask for any time. */
  #latest = -1;

  /** Requests sent before `from` are not kept. */
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

  /** Whether the pod answered a request that was sent well within this time. */
  any(pod: string, from: Micros, to: Micros): boolean {
    return this.#someOf(this.#byPod.get(pod)?.any, from, to);
  }

  /** Whether it answered one of them promptly. */
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
