import type { Progress } from '../../model/progress.ts';
import type { Cluster } from '../fault/cluster.ts';
import { deedInWords } from './action.ts';
import { Journal, openDeeds } from './journal.ts';
import { Undo } from './undo.ts';
import { undoDeed, undoLimitMs, untilBack } from './undo-action.ts';

/**
 * Undoes all that a journal holds open, last in, first out, and notes it there: all injections before anything that they
 * took away is waited for. Returns every error; what could not be undone stays open.
 */
export async function healFrom(journalPath: string, cluster: Cluster, progress: Progress): Promise<Error[]> {
  const open = openDeeds(journalPath);
  if (open.length === 0) return [];
  const journal = new Journal(journalPath);
  const undo = new Undo();
  for (const { seq, deed } of open) {
    const words = deedInWords(deed);
    const undone = () => journal.undone(seq);
    const heal = (signal: AbortSignal) => progress.step(words, () => undoDeed(deed, cluster, { signal, undone }));
    const back = deed.kind === 'inject' ? (signal: AbortSignal) => untilBack(deed, cluster, signal) : undefined;
    undo.push(words, undoLimitMs[deed.kind], heal, back);
  }
  const errors = await undo.unwind();
  journal.close();
  return errors;
}
