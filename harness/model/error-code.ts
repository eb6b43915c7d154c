/**
 * Why a command failed, for programs: `code` of the error that `--json` prints. A code is never changed and never given to
 * another reason.
 */
export const errorCodes = {
  usage: 'The command line, or a file that it names, is wrong.',
  interrupted: 'A signal stopped the command. All its changes were undone.',
  locked: 'Another process of holdfast uses the lab or the context.',
  'engine-in-use': 'A command of another user measures on the same engine.',
  'changes-left': 'Changes to the cluster are not undone. Run heal.',
  'disk-full': 'The disk is full.',
  failed: 'Any other reason; `message` states it.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** What ended a command, as `--json` prints it. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
}

/** An error with a code of its own. Every other error has the code `failed`. */
export abstract class CodedError extends Error {
  abstract readonly code: ErrorCode;
}
