import type { Progress } from '../model/progress.ts';
import { openDeeds } from '../record/journal.ts';

/** A cluster that a dead run may have left dirty, and how it is put back. */
export interface Healable {
  /** What it is called in a sentence. */
  readonly name: string;
  readonly journal: string;
  readonly lock: string;
  /** How a command line names it. */
  readonly flags: readonly string[];
  readonly healCommand: string;
  readonly watchdogLog: string;
  /** Undoes what the journal holds open, and verifies that. Resolves to the number of deeds that were open. */
  heal(options: { readonly progress: Progress; readonly signal: AbortSignal }): Promise<number>;
}

export const changesInWords = (count: number): string => (count === 1 ? '1 change' : `${count} changes`);

/** Throws where a run that died left something behind: whoever needs a clean cluster asks first. */
export function refuseDirty({ name, journal, healCommand }: Healable): void {
  const open = openDeeds(journal).length;
  if (open === 0) return;
  throw new Error(
    `${name} is not clean: an earlier run crashed and left ${changesInWords(open)} to undo. Undo: ${healCommand}`,
  );
}
