import { setTimeout as delay } from 'node:timers/promises';
import type { Micros, Ms } from '../model/units.ts';

/** The wall clock of the host, which all containers of the lab share. */
export const now = (): Micros => Math.round((performance.timeOrigin + performance.now() + drift()) * 1000);

/**
 * `performance` counts from the start of the process on a monotonic clock. The difference shows if the wall clock was
 * stepped.
 */
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

/** A time-out. The message says what was missing. */
export class NotInTime extends Error {
  override name = 'NotInTime';
}

/** The result of a promise, if it settles in time. Throws `NotInTime` with these words, or the reason of the signal. */
export async function withDeadline<T>(
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

/** The result of the work. If the work ignores its signal, throws the reason of the signal some time after the abort. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal, graceMs: Ms = heedMs): Promise<T> {
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

/** What a probe found: the result, what it still waits for, or what is still wrong. */
export type Probed<T> = { readonly done: T } | { readonly waitingFor: string } | { readonly problem: string };

/**
 * Calls `probe` until it succeeds. After the time limit, throws `NotInTime` with what the last probe found. Throws what the
 * probe throws, or the reason of the signal.
 */
export async function poll<T>(
  what: string,
  limit: Ms,
  signal: AbortSignal | undefined,
  probe: () => Promise<Probed<T>>,
  every: Ms = 200,
): Promise<T> {
  const end = performance.now() + limit;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await probe();
    if ('done' in answer) return answer.done;
    signal?.throwIfAborted();
    if (performance.now() > end) {
      const last = 'problem' in answer ? `Last observed: ${answer.problem}` : `Still waiting for ${answer.waitingFor}`;
      throw new NotInTime(`${what}: timed out after ${limit / 1000} s. ${last}`);
    }
    await sleep(every, signal);
  }
}
