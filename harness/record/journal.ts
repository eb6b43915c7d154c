import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { Json } from '../model/units.ts';
import { now } from '../sys/clock.ts';

/**
 * The run's write-ahead journal: what is about to be done to the world, on disk before it is done.
 * A process that is killed leaves enough behind to put everything back.
 */
export class Journal {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a', 0o644);
  }

  /** On disk when it returns. Throws when the disk is full: what cannot be journaled is not done. */
  intend(deed: string, data: Json): void {
    this.note(deed, data);
    fsyncSync(this.#file);
  }

  note(deed: string, data: Json): void {
    writeSync(this.#file, `${JSON.stringify({ at: now(), deed, data })}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}
