import { abortable } from '../../sys/clock.ts';
import type { Cluster } from '../fault/cluster.ts';
import { type Action, actionInWords } from './action.ts';
import type { Journal } from './journal.ts';
import type { Undo } from './undo.ts';
import { undoAction, undoLimitMs, waitForReturn } from './undo-action.ts';

/** An action that is in the journal and will be undone. */
export interface PendingAction {
  /** Undoes the action now and not at the end. Resolves when what it took away works again. */
  undo(signal: AbortSignal): Promise<void>;
  /** Does not undo the action: other code is responsible for it from now on. */
  keep(): void;
}

/**
 * Writes every action to the journal before it is done, and undoes all of them at the end. The same code undoes them
 * after a crash.
 */
export class ActionLog {
  readonly #cluster: Cluster;
  readonly #journal: Journal;
  readonly #undo: Undo;

  constructor(cluster: Cluster, journal: Journal, undo: Undo) {
    this.#cluster = cluster;
    this.#journal = journal;
    this.#undo = undo;
  }

  /** Writes the action to the journal. It is on disk when this returns. */
  begin(action: Action): PendingAction {
    const seq = this.#journal.begin(action);
    let open = true;
    const undone = () => {
      open = false;
      this.#journal.undone(seq);
    };
    const undo = async (signal: AbortSignal) => {
      if (open) await undoAction(action, this.#cluster, { signal, undone });
    };
    let mustReturn = action.kind === 'inject';
    const untilReturned = async (signal: AbortSignal) => {
      if (mustReturn && action.kind === 'inject') await waitForReturn(action, this.#cluster, signal);
      mustReturn = false;
    };
    const limitMs = undoLimitMs[action.kind];
    this.#undo.push(actionInWords(action), limitMs, undo, action.kind === 'inject' ? untilReturned : undefined);
    return {
      async undo(alive) {
        const signal = AbortSignal.any([alive, AbortSignal.timeout(limitMs)]);
        await abortable(undo(signal), signal);
        await abortable(untilReturned(signal), signal);
      },
      keep: undone,
    };
  }
}
