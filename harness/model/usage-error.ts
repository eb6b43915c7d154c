/** The user asked for something that cannot be: said in one sentence, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
