import { z } from 'zod';
import type { Judged } from '../../reports/words/changes.ts';
import { limits } from '../recording/limits.ts';
import { parsePlainJson } from '../recording/plain-json.ts';
import { runFiles } from '../recording/run-folder.ts';
import { upgradeFindings } from '../recording/upgrade/findings.ts';
import { readText } from '../sys/files/read.ts';

const findings = z.array(z.looseObject({ check: z.string(), of: z.string().exactOptional(), verdict: z.string() }));

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

/**
 * The earlier findings of a run, as far as this version can compare them. Undefined if there are none or they cannot be
 * read.
 */
export function earlierFindings(folder: string): Judged | undefined {
  try {
    const text = readText(folder, runFiles.findings, { maxBytes: limits.findings });
    return text === undefined ? undefined : judged.parse(upgradeFindings(parsePlainJson(text)));
  } catch {
    return undefined;
  }
}
