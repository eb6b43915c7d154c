import { basename, dirname } from 'node:path';
import { z } from 'zod';
import type { Ms } from '../../harness/model/units.ts';
import { readText } from '../../harness/sys/files/read.ts';
import { makePrivateFolder, writeWhole } from '../../harness/sys/files/write.ts';

/** Titles of steps with how long they took. */
const schema = z.record(z.string(), z.number().nonnegative());
const limits = { maxBytes: 256 * 1024 };
/** All commands together have fewer steps. */
const mostKept = 500;

/** Keeps the last duration of each step in a small file. A missing or damaged file counts as empty. */
export class Durations {
  readonly #folder: string;
  readonly #name: string;
  readonly #known: Map<string, Ms>;

  constructor(file: string) {
    this.#folder = dirname(file);
    this.#name = basename(file);
    this.#known = this.#read();
  }

  last(title: string): Ms | undefined {
    return this.#known.get(title);
  }

  /** Keeps a duration for this process and the next one. If the disk is full, only this process keeps it. */
  remember(title: string, took: Ms): void {
    this.#known.delete(title);
    this.#known.set(title, Math.round(took));
    const newest = [...this.#known].slice(-mostKept);
    try {
      const text = `${JSON.stringify(Object.fromEntries(newest), null, 2)}\n`;
      this.#write(text);
    } catch {
      // The step itself succeeded, so a duration that cannot be stored is no error.
    }
  }

  #write(text: string): void {
    try {
      writeWhole(this.#folder, this.#name, text);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      makePrivateFolder(this.#folder);
      writeWhole(this.#folder, this.#name, text);
    }
  }

  #read(): Map<string, Ms> {
    try {
      return new Map(Object.entries(schema.parse(JSON.parse(readText(this.#folder, this.#name, limits) ?? '{}'))));
    } catch {
      return new Map();
    }
  }
}
