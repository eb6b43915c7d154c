import { CodedError } from './error-code.ts';

/** The user asked for something that cannot be: said in one sentence, exit code 2. */
export class UsageError extends CodedError {
  override name = 'UsageError';
  readonly code = 'usage';
}
