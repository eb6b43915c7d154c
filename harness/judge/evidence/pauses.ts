import { setImmediate } from 'node:timers/promises';
import type { Ms } from '../../model/units.ts';

/** Work goes on for so long before anything else gets its turn, such as a signal that ends it. */
const atOnce: Ms = 50;

/** For long work that waits for nothing: when it is called, what else is due gets its turn. Rejects once `signal` is aborted. */
export function pauses(signal: AbortSignal | undefined): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last >= atOnce) {
      await setImmediate();
      last = performance.now();
    }
    signal?.throwIfAborted();
  };
}
