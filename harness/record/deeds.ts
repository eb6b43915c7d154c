import type { Cluster } from './cluster.ts';
import { type Deed, deedInWords } from './deed.ts';
import type { Journal } from './journal.ts';
import type { Undo } from './undo.ts';
import { undoDeed, undoLimitMs } from './undo-deed.ts';

/** A deed that is in the journal and will be undone. */
export interface Intended {
  /** Undoes it now rather than at the end. */
  undo(signal: AbortSignal): Promise<void>;
  /** Leaves it as it is: somebody else takes it over. */
  keep(): void;
}

/** What an arm does to the world: in the journal first, and undone by the same code that heals after a harness that died. */
export class Deeds {
  readonly #cluster: Cluster;
  readonly #journal: Journal;
  readonly #undo: Undo;

  constructor(cluster: Cluster, journal: Journal, undo: Undo) {
    this.#cluster = cluster;
    this.#journal = journal;
    this.#undo = undo;
  }

  /** On disk when it returns. */
  intend(deed: Deed): Intended {
    const seq = this.#journal.intend(deed);
    let open = true;
    const undone = () => {
      open = false;
      this.#journal.undone(seq);
    };
    const undo = async (signal: AbortSignal) => {
      if (!open) return;
      await undoDeed(deed, this.#cluster, { signal, undone });
    };
    const limitMs = undoLimitMs[deed.kind];
    this.#undo.push(deedInWords(deed), limitMs, undo);
    return {
      undo: (signal) => undo(AbortSignal.any([signal, AbortSignal.timeout(limitMs)])),
      keep: undone,
    };
  }
}
