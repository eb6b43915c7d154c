import { UsageError } from '../model/usage-error.ts';
import { type ExitCode, exitCodes } from '../model/verdict.ts';

/** The user, or whoever runs us, wants it to end. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

/** The exit code of what went wrong: the user's mistake, the user's wish, or ours. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Interrupted) return exitCodes.interrupted;
  if (error instanceof UsageError) return exitCodes.usage;
  return exitCodes.error;
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && ((error as NodeJS.ErrnoException).code === 'ENOSPC' || isDiskFull(error.cause));

/** What went wrong in words, and the way out where it is always the same. The stack is for those who ask: NODE_DEBUG=holdfast. */
export function explain(error: unknown): string {
  const words = error instanceof Error ? error.message || error.name : String(error);
  const stack = error instanceof Error && /\bholdfast\b/.test(process.env.NODE_DEBUG ?? '') ? `\n${error.stack}` : '';
  const cure = isDiskFull(error) ? '\nThe disk is full. Remove old runs: ./holdfast runs prune' : '';
  return `holdfast: ${words}${cure}${stack}`;
}
