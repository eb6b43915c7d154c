import { setImmediate } from 'node:timers/promises';
import type { Ms } from '../../model/units.ts';

/** How long work continues before other events, such as a signal, are handled. */
const atOnce: Ms = 50;

/**
 * Returns a function for long synchronous work to await: it lets pending events be handled. It rejects once `signal` is
 * aborted.
 */
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
