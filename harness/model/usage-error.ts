/** The user asked for something impossible. The message is one sentence, and the exit code is 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
