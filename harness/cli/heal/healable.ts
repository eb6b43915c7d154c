import type { Progress } from '../../model/progress.ts';
import { openActions } from '../../record/undo/journal.ts';
import { ChangesLeft } from '../common/failure.ts';

/** A cluster in which a crashed run may have left changes, and how they are undone. */
export interface Healable {
  /** Its name in a sentence. */
  readonly name: string;
  readonly journal: string;
  readonly lock: string;
  /** The flags that name it. */
  readonly flags: readonly string[];
  readonly healCommand: string;
  readonly watchdogLog: string;
  /** Undoes the open changes in the journal and verifies the cluster. Resolves to the number of changes that were open. */
  heal(options: { readonly progress: Progress; readonly signal: AbortSignal }): Promise<number>;
}

export const changesInWords = (count: number): string => (count === 1 ? '1 change' : `${count} changes`);

/** Throws `ChangesLeft` if a crashed run left changes that are not undone. Commands that need a clean cluster call it first. */
export function refuseDirty({ name, journal, healCommand }: Healable): void {
  const open = openActions(journal).length;
  if (open === 0) return;
  throw new ChangesLeft(
    `${name} is not clean: an earlier run crashed and left ${changesInWords(open)} to undo. Undo: ${healCommand}`,
  );
}
