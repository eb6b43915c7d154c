import { heeding } from '../../sys/clock.ts';
import type { Cluster } from '../cluster.ts';
import { type Deed, deedInWords } from './action.ts';
import type { Journal } from './journal.ts';
import type { Undo } from './undo.ts';
import { undoDeed, undoLimitMs, untilBack } from './undo-action.ts';

/** A deed that is in the journal and will be undone. */
export interface Intended {
  /** Undoes it now rather than at the end, and waits until what it took away is back. */
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
      if (open) await undoDeed(deed, this.#cluster, { signal, undone });
    };
    let away = deed.kind === 'inject';
    const back = async (signal: AbortSignal) => {
      if (away && deed.kind === 'inject') await untilBack(deed, this.#cluster, signal);
      away = false;
    };
    const limitMs = undoLimitMs[deed.kind];
    this.#undo.push(deedInWords(deed), limitMs, undo, deed.kind === 'inject' ? back : undefined);
    return {
      async undo(alive) {
        const signal = AbortSignal.any([alive, AbortSignal.timeout(limitMs)]);
        await heeding(undo(signal), signal);
        await heeding(back(signal), signal);
      },
      keep: undone,
    };
  }
}
