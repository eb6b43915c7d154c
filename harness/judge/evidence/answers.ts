import type { Request } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import { NumberSet } from './number-set.ts';

const width: Micros = msToMicros(100);

/** When pods answered requests, to 0.1 s: a bit for each such time in which one was sent that a pod answered. */
export class Answers {
  readonly #from: Micros;
  readonly #byPod = new Map<string, NumberSet>();

  /** What was sent before `from` is not kept. */
  constructor(from: Micros) {
    this.#from = from;
  }

  see({ pod, start }: Pick<Request, 'pod' | 'start'>): void {
    const times = this.#byPod.get(pod) ?? new NumberSet();
    this.#byPod.set(pod, times);
    if (start >= this.#from) times.add(Math.floor((start - this.#from) / width));
  }

  /** Whether a pod answered a request that was sent well within this time. */
  any(pod: string, from: Micros, to: Micros): boolean {
    const times = this.#byPod.get(pod);
    if (!times) return false;
    const last = Math.floor((to - this.#from) / width);
    for (let index = Math.ceil((from - this.#from) / width); index < last; index++) {
      if (times.has(index)) return true;
    }
    return false;
  }
}
