import type { Progress } from '../../model/progress.ts';
import { reason } from '../../model/reason.ts';
import { type DrillCounts, type ExerciseResult, Results } from './results.ts';

/** One thing that is tried on the real cluster, by programs started as a person would start them. */
export interface Exercise {
  /** Names it among the others: `drain`, `node-kill/mid-inject`. */
  readonly id: string;
  /** What was seen, in one line. Throws where it went wrong; skipped where the host cannot do it. */
  run(signal: AbortSignal): Promise<{ readonly saw: string; readonly skipped?: boolean }>;
}

/**
 * Goes through exercises in the order given, and keeps each result in a file as soon as it is known. A drill that may
 * resume goes on where it was cut short, if commit and seed are the same; what failed is tried again.
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
