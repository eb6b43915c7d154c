/** Reads a text of `--set` as a whole number. Undefined if it is none, or outside of the limits. */
export function wholeNumber(text: string, least: number, most: number): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= least && value <= most ? value : undefined;
}
