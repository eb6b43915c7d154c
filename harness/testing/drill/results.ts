import { basename, dirname } from 'node:path';
import { z } from 'zod';
import type { Ms } from '../../model/units.ts';
import { appendWhole } from '../../sys/files/append.ts';
import { closeFile, readText } from '../../sys/files/read.ts';
import { makeMissingFolder, openAppend, writeWhole } from '../../sys/files/write.ts';

export interface ExerciseResult {
  readonly id: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly words: string;
  readonly tookMs: Ms;
  readonly commit: string;
}

export interface DrillCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const header = z.object({ seed: z.string(), commit: z.string() });
const result: z.ZodType<ExerciseResult> = z.object({
  id: z.string(),
  outcome: z.enum(['passed', 'failed', 'skipped']),
  words: z.string(),
  tookMs: z.number(),
  commit: z.string(),
});

/** A drill's results, one per line. Results with the same seed and commit are kept if the drill may resume. */
export class Results {
  readonly #path: string;
  readonly #latest = new Map<string, ExerciseResult>();

  constructor(
    path: string,
    { seed, commit, resume }: { readonly seed: string; readonly commit: string; readonly resume: boolean },
  ) {
    this.#path = path;
    makeMissingFolder(dirname(path));
    const lines = read(path).split('\n').slice(0, -1);
    const [first, ...rest] = lines.map(parse);
    const before = header.safeParse(first).data;
    if (resume && before?.seed === seed && before.commit === commit) {
      for (const line of rest) {
        const known = result.safeParse(line).data;
        if (known) this.#latest.set(known.id, known);
      }
      // An incomplete last line is removed, so that no result is appended to it.
      write(path, lines);
      return;
    }
    write(path, [JSON.stringify({ seed, commit })]);
  }

  add(one: ExerciseResult): void {
    this.#latest.set(one.id, one);
    const file = openAppend(dirname(this.#path), basename(this.#path));
    try {
      appendWhole(file, `${JSON.stringify(one)}\n`);
    } finally {
      closeFile({ fd: file });
    }
  }

  isDone(id: string): boolean {
    const known = this.#latest.get(id);
    return known !== undefined && known.outcome !== 'failed';
  }

  counts(ids: readonly string[]): DrillCounts {
    const of = (outcome: ExerciseResult['outcome']) =>
      ids.filter((id) => this.#latest.get(id)?.outcome === outcome).length;
    return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
  }
}

/** The seed of a drill that was started at this commit, so that it can resume without `--seed`. */
export function seedOf(path: string, commit: string): string | undefined {
  const begun = header.safeParse(parse(read(path).split('\n', 1)[0] ?? '')).data;
  return begun?.commit === commit ? begun.seed : undefined;
}

const maxBytes = 64 * 1024 ** 2;

const read = (path: string): string => readText(dirname(path), basename(path), { maxBytes }) ?? '';

const write = (path: string, lines: readonly string[]): void =>
  writeWhole(dirname(path), basename(path), lines.map((line) => `${line}\n`).join(''));

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
