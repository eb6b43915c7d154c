import { setTimeout as delay } from 'node:timers/promises';
import type { Micros, Ms } from '../model/units.ts';

/** The host's wall clock, which every container of the lab shares. */
export const now = (): Micros => Math.round((performance.timeOrigin + performance.now() + drift()) * 1000);

/** `performance` counts from process start on the monotonic clock; a wall clock that was stepped since then shows here. */
const drift = (): Ms => {
  const difference = Date.now() - (performance.timeOrigin + performance.now());
  return Math.abs(difference) > 2 ? difference : 0;
};

export const monotonic = (): Micros => Math.round(performance.now() * 1000);

/** Rejects with the signal's reason when it is aborted. */
export const sleep = async (duration: Ms, signal?: AbortSignal): Promise<void> => {
  try {
    await delay(duration, undefined, signal && { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
};

/** What was waited for did not come; says what was missing. */
export class NotInTime extends Error {
  override name = 'NotInTime';
}

/** What a promise comes to, if it does so in time. Throws `NotInTime` with these words, or the signal's reason. */
export async function answered<T>(
  answer: Promise<T>,
  { limitMs, words, signal }: { readonly limitMs: Ms; readonly words: string; readonly signal: AbortSignal },
): Promise<T> {
  const over = new AbortController();
  const late = sleep(limitMs, AbortSignal.any([signal, over.signal])).then(() => {
    throw new NotInTime(words);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
  }
}

const heedMs: Ms = 5000;

/** What work comes to; or, where it does not heed its signal, that signal's reason a while after it was aborted. */
export async function heeding<T>(work: Promise<T>, signal: AbortSignal, graceMs: Ms = heedMs): Promise<T> {
  const over = new AbortController();
  const overdue = new Promise<never>((_, reject) => {
    const wait = () =>
      sleep(graceMs, over.signal).then(
        () => reject(signal.reason),
        () => undefined,
      );
    if (signal.aborted) void wait();
    else signal.addEventListener('abort', wait, { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    over.abort();
  }
}

/** Asks until `probe` answers something, and gives up with `NotInTime` and the last reason why not. */
export async function until<T>(
  what: string,
  limit: Ms,
  signal: AbortSignal | undefined,
  probe: () => Promise<{ readonly done: T } | { readonly waitingFor: string }>,
  every: Ms = 200,
): Promise<T> {
  const end = performance.now() + limit;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await probe();
    if ('done' in answer) return answer.done;
    if (performance.now() > end) {
      throw new NotInTime(`${what}: timed out after ${limit / 1000} s. Still waiting for ${answer.waitingFor}`);
    }
    await sleep(every, signal);
  }
}
