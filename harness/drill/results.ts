import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { DrillCounts, ExerciseResult } from './drill.ts';

const header = z.object({ seed: z.string(), commit: z.string() });
const result: z.ZodType<ExerciseResult> = z.object({
  id: z.string(),
  outcome: z.enum(['passed', 'failed', 'skipped']),
  words: z.string(),
  tookMs: z.number(),
  commit: z.string(),
});

/** A drill's results, a line each: those of the same seed and commit are taken up again, where it may resume. */
export class Results {
  readonly #path: string;
  readonly #latest = new Map<string, ExerciseResult>();

  constructor(
    path: string,
    { seed, commit, resume }: { readonly seed: string; readonly commit: string; readonly resume: boolean },
  ) {
    this.#path = path;
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
    const [first, ...rest] = lines.map(parse);
    const before = header.safeParse(first).data;
    if (resume && before?.seed === seed && before.commit === commit) {
      for (const line of rest) {
        const known = result.safeParse(line).data;
        if (known) this.#latest.set(known.id, known);
      }
      // A last line that was cut off must not be gone on from.
      writeFileSync(path, `${lines.join('\n')}\n`);
      return;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify({ seed, commit })}\n`);
  }

  add(one: ExerciseResult): void {
    this.#latest.set(one.id, one);
    appendFileSync(this.#path, `${JSON.stringify(one)}\n`);
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

/** The seed of a drill that was begun at this commit, so that it goes on without being told. */
export function seedOf(path: string, commit: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const begun = header.safeParse(parse(readFileSync(path, 'utf8').split('\n', 1)[0] ?? '')).data;
  return begun?.commit === commit ? begun.seed : undefined;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
