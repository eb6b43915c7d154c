import { z } from 'zod';
import type { Judged } from '../../reports/words/changes.ts';
import { limits } from '../recording/limits.ts';
import { parsePlainJson } from '../recording/plain-json.ts';
import { runFiles } from '../recording/run-folder.ts';
import { readText } from '../sys/files/read.ts';

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

/** What a run was judged to be, as far as today's holdfast can compare it; undefined if it was not, or cannot. */
export function earlierFindings(folder: string): Judged | undefined {
  try {
    const text = readText(folder, runFiles.findings, { maxBytes: limits.findings });
    return text === undefined ? undefined : judged.parse(parsePlainJson(text));
  } catch {
    return undefined;
  }
}
