import type { Progress } from '../../model/progress.ts';
import { reason } from '../../model/reason.ts';
import { type DrillCounts, type ExerciseResult, Results } from './results.ts';

/** One test on the real cluster. It starts programs in the same way as a user does. */
export interface Exercise {
  /** A unique id, such as `drain` or `node-kill/mid-inject`. */
  readonly id: string;
  /** Resolves to a summary on one line, and to `skipped` if the host cannot run the exercise. Throws if it failed. */
  run(signal: AbortSignal): Promise<{ readonly saw: string; readonly skipped?: boolean }>;
}

/**
 * Runs exercises in the given order, and writes each result to a file immediately. A drill that may resume continues
 * after the last result, if commit and seed are the same. Failed exercises are repeated.
 */
export async function drill(
  exercises: readonly Exercise[],
  options: {
    readonly file: string;
    readonly seed: string;
    readonly commit: string;
    readonly resume: boolean;
    readonly progress: Progress;
    readonly signal: AbortSignal;
  },
): Promise<DrillCounts> {
  const { progress, signal, commit } = options;
  const results = new Results(options.file, options);
  const left = exercises.filter(({ id }) => !results.isDone(id));
  if (left.length < exercises.length) {
    progress.note(`${exercises.length - left.length} of ${exercises.length} were done before; see ${options.file}`);
  }
  progress.plan(left.map(({ id }) => id));
  for (const { id, run } of left) {
    const began = performance.now();
    const done = (outcome: ExerciseResult['outcome'], words: string) => {
      results.add({ id, outcome, words, tookMs: Math.round(performance.now() - began), commit });
      progress.note(`  ${outcome}: ${words}`);
    };
    try {
      const { saw, skipped } = await progress.step(id, () => run(signal));
      done(skipped ? 'skipped' : 'passed', saw);
    } catch (error) {
      signal.throwIfAborted();
      done('failed', reason(error));
    }
  }
  return results.counts(exercises.map(({ id }) => id));
}
