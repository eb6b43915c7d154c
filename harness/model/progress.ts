/** Where long work says what it does. A terminal shows it live, CI prints plain lines, tests collect it. */
export interface Progress {
  /** Names the steps to come, so that each can be shown with its number and how many remain. */
  plan(titles: readonly string[]): void;
  /** Runs one step and says how long it took, beside how long it took last time. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** A line that stays. */
  note(text: string): void;
  /** What happens now, within the step: replaced by the next, not kept. */
  now(text: string): void;
}
