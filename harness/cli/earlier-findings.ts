import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Judged } from '../../reports/words/changes.ts';

const findings = z.array(z.looseObject({ check: z.string(), verdict: z.string() }));

const judged: z.ZodType<Judged> = z.looseObject({
  verdict: z.string(),
  experiments: z.array(
    z.looseObject({
      name: z.string(),
      verdict: z.string(),
      findings,
      arms: z.array(
        z.looseObject({
          name: z.string(),
          verdict: z.string(),
          findings,
          requests: z.looseObject({
            total: z.number(),
            failed: z.number(),
            byCause: z.record(z.string(), z.number()),
          }),
        }),
      ),
    }),
  ),
});

/** What a run was judged to be, as far as today's holdfast can compare it; undefined where it was not, or cannot. */
export async function earlierFindings(folder: string): Promise<Judged | undefined> {
  try {
    return judged.parse(JSON.parse(await readFile(join(folder, 'findings.json'), 'utf8')));
  } catch {
    return undefined;
  }
}
