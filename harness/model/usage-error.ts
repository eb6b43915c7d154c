import { CodedError } from './error-code.ts';

/** The user asked for something impossible. The message is one sentence, and the exit code is 2. */
export class UsageError extends CodedError {
  override name = 'UsageError';
  readonly code = 'usage';
}
