import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Ms } from '../../harness/model/units.ts';

/** How long each step took last time, kept in one small file. A file that is missing or damaged is an empty memory. */
export class Durations {
  readonly #file: string;
  readonly #known: Map<string, Ms>;

  constructor(file: string) {
    this.#file = file;
    this.#known = read(file);
  }

  last(title: string): Ms | undefined {
    return this.#known.get(title);
  }

  /** Remembers, for this process and the next; a disk that cannot hold it costs only the memory. */
  remember(title: string, took: Ms): void {
    this.#known.set(title, Math.round(took));
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileSync(this.#file, `${JSON.stringify(Object.fromEntries(this.#known), null, 2)}\n`);
    } catch {
      // The step itself succeeded; that its duration is not remembered is no reason to stop.
    }
  }
}

function read(file: string): Map<string, Ms> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return new Map();
    const entries = Object.entries(parsed).filter((entry): entry is [string, Ms] => typeof entry[1] === 'number');
    return new Map(entries);
  } catch {
    return new Map();
  }
}
