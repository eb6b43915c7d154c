import { ownCommand } from '../model/own-command.ts';
import { UsageError } from '../model/usage-error.ts';
import { type ExitCode, exitCodes } from '../model/verdict.ts';

/** The user, or the program that started us, interrupted the command. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

/** The exit code of an error: a usage error, an interruption, or an error of the harness. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Interrupted) return exitCodes.interrupted;
  if (error instanceof UsageError) return exitCodes.usage;
  return exitCodes.error;
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && ((error as NodeJS.ErrnoException).code === 'ENOSPC' || isDiskFull(error.cause));

/** An error as text, with what to do if that is always the same. The stack is added if NODE_DEBUG=holdfast is set. */
export function explain(error: unknown): string {
  const words = error instanceof Error ? error.message || error.name : String(error);
  const stack = error instanceof Error && /\bholdfast\b/.test(process.env.NODE_DEBUG ?? '') ? `\n${error.stack}` : '';
  const cure = isDiskFull(error) ? `\nThe disk is full. Remove old runs: ${ownCommand} runs prune` : '';
  return `holdfast: ${words}${cure}${stack}`;
}
