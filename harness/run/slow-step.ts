import type { Progress } from '../model/progress.ts';
import type { Ms } from '../model/units.ts';
import { sleep } from '../sys/clock.ts';

/** Work that is faster needs no step. */
const slowAfterMs: Ms = 10_000;

/**
 * Does work that is usually fast. If it is not done after ten seconds, it is shown as a step: a line, and a sign of life each
 * minute. Its result or its error is that of the work.
 */
export async function slowStep<T>(
  progress: Pick<Progress, 'step'>,
  title: string,
  work: () => Promise<T>,
  afterMs: Ms = slowAfterMs,
): Promise<T> {
  const over = new AbortController();
  const running = work();
  const late = sleep(afterMs, over.signal).then(
    () => true,
    () => false,
  );
  try {
    const isSlow = await Promise.race([running.then(() => false), late]);
    return await (isSlow ? progress.step(title, () => running) : running);
  } finally {
    over.abort();
  }
}
