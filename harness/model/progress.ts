/** The progress of long work. A terminal shows it live, CI prints plain lines, tests collect it. */
export interface Progress {
  /** Announces the titles of the next steps, so that each is shown with its number. */
  plan(titles: readonly string[]): void;
  /** Runs one step and prints how long it took, and how long it took last time. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** Prints a line that stays. */
  note(text: string): void;
  /** Shows the current activity in the step. The next call replaces it. */
  now(text: string): void;
}
