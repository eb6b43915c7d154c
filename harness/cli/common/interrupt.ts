import type { Ms } from '../../model/units.ts';
import { printError } from '../../sys/terminal.ts';
import { Interrupted } from './failure.ts';

/**
 * Aborts at the first SIGINT, SIGTERM or SIGHUP and prints what happens next. A second signal has no effect, because the
 * changes must still be undone.
 */
export function interruptSignal(doing: 'undoing all changes' | 'stopping' = 'undoing all changes'): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        printError(`\nholdfast is still ${doing}\n`);
        return;
      }
      printError(`\nholdfast received ${name} and is ${doing}\n`);
      controller.abort(new Interrupted(`interrupted by ${name}`));
    });
  }
  return controller.signal;
}

/** The error of an interrupted command after all changes were undone. */
export const interruptedAfterUndo = (interrupted: AbortSignal): Interrupted =>
  new Interrupted(`${(interrupted.reason as Error).message}; all changes were undone`);

/** Aborts after `after` plus `more`. Does not keep the process alive. */
export function deadlineSignal(after: Ms, more: Ms = 0): AbortSignal {
  const controller = new AbortController();
  const words = `the deadline of ${after / 1000} s has passed. Allow more time, such as --deadline 2h`;
  setTimeout(() => controller.abort(new Error(words)), after + more).unref();
  return controller.signal;
}
