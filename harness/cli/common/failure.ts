import { CodedError, type ErrorReport } from '../../model/error-code.ts';
import { ownCommand } from '../../model/own-command.ts';
import { reason } from '../../model/reason.ts';
import { type ExitCode, exitCodes } from '../../model/verdict.ts';
import { printError } from '../../sys/terminal.ts';
import { printJsonLine } from './print-json.ts';

/** The user, or the program that started us, interrupted the command. */
export class Interrupted extends CodedError {
  override name = 'Interrupted';
  readonly code = 'interrupted';
}

/** A crashed run left changes in a cluster, or they could not be undone. */
export class ChangesLeft extends CodedError {
  override name = 'ChangesLeft';
  readonly code = 'changes-left';
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && ((error as NodeJS.ErrnoException).code === 'ENOSPC' || isDiskFull(error.cause));

/** An error as `--json` prints it. */
export function errorReport(error: unknown): ErrorReport {
  const other = isDiskFull(error) ? 'disk-full' : 'failed';
  return { code: error instanceof CodedError ? error.code : other, message: reason(error) };
}

/** The exit code of an error: a usage error, an interruption, or an error of the harness. */
export function exitCodeOf(error: unknown): ExitCode {
  const { code } = errorReport(error);
  return code === 'interrupted' || code === 'usage' ? exitCodes[code] : exitCodes.error;
}

/** An error as text, with what to do if that is always the same. The stack is added if NODE_DEBUG=holdfast is set. */
export function explain(error: unknown): string {
  const stack = error instanceof Error && /\bholdfast\b/.test(process.env.NODE_DEBUG ?? '') ? `\n${error.stack}` : '';
  const cure = isDiskFull(error) ? `\nThe disk is full. Remove old runs: ${ownCommand} runs prune` : '';
  return `holdfast: ${reason(error)}${cure}${stack}`;
}

/** Prints an error on stderr, and with `--json` also as a document of one line on stdout. Returns its exit code. */
export function printFailure(error: unknown, { json }: { readonly json: boolean }): ExitCode {
  printError(`${explain(error)}\n`);
  const exitCode = exitCodeOf(error);
  if (json) printJsonLine('holdfast.error/1', { ...errorReport(error), exitCode });
  return exitCode;
}
