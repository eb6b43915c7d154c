/** The reason of a failure: the output of the process, or the message of the error. */
export function reason(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  if (stderr) return stderr.split('\n').slice(-12).join('\n');
  return error instanceof Error ? error.message : String(error);
}
