import type { Request } from '../../model/request.ts';
import { NumberSet } from './number-set.ts';

/** Source ports from which a generator opened more than one connection. Only they can have an old conntrack entry. */
export class Ports {
  readonly #byGenerator = new Map<string, { readonly once: NumberSet; readonly again: NumberSet }>();

  see({ gen, reused, sport }: Pick<Request, 'gen' | 'reused' | 'sport'>): void {
    if (reused || sport === 0) return;
    const own = this.#byGenerator.get(gen) ?? { once: new NumberSet(), again: new NumberSet() };
    this.#byGenerator.set(gen, own);
    if (!own.once.add(sport)) own.again.add(sport);
  }

  usedAgain({ gen, sport }: Pick<Request, 'gen' | 'sport'>): boolean {
    return this.#byGenerator.get(gen)?.again.has(sport) ?? false;
  }
}
