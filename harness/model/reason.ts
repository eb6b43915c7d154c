/** So much of what a failed program printed is shown. */
const shownLines = 12;

/** The end of what a program printed, without empty lines after it. */
export const lastLines = (text: string): string => text.trim().split('\n').slice(-shownLines).join('\n');

/** Why something failed: the end of what the failed program printed on stderr, or else the message of the error. */
export function reason(error: unknown): string {
  const printed = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  if (printed) return lastLines(printed);
  return error instanceof Error ? error.message || error.name : String(error);
}
