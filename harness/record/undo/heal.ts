import type { Progress } from '../../model/progress.ts';
import type { Cluster } from '../fault/cluster.ts';
import { actionInWords } from './action.ts';
import { Journal, openActions } from './journal.ts';
import { Undo } from './undo.ts';
import { undoAction, undoLimitMs, waitForReturn } from './undo-action.ts';

/**
 * Undoes all open actions of a journal, last in, first out, and notes that in the journal. It undoes all injections
 * before it waits for the disrupted parts to work again. Returns every error. An action that could not be undone stays
 * open.
 */
export async function healFrom(journalPath: string, cluster: Cluster, progress: Progress): Promise<Error[]> {
  const open = openActions(journalPath);
  if (open.length === 0) return [];
  const journal = new Journal(journalPath);
  const undo = new Undo();
  for (const { seq, action } of open) {
    const words = actionInWords(action);
    const undone = () => journal.undone(seq);
    const heal = (signal: AbortSignal) => progress.step(words, () => undoAction(action, cluster, { signal, undone }));
    const waiting =
      action.kind === 'inject' ? (signal: AbortSignal) => waitForReturn(action, cluster, signal) : undefined;
    undo.push(words, undoLimitMs[action.kind], heal, waiting);
  }
  const errors = await undo.unwind();
  journal.close();
  return errors;
}
