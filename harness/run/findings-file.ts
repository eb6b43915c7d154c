import { join } from 'node:path';
import type { RunFindings } from '../model/finding.ts';
import { ownCommand } from '../model/own-command.ts';
import { quoted } from '../model/quoted.ts';
import { reason } from '../model/reason.ts';
import { UsageError } from '../model/usage-error.ts';
import { parsePlan } from '../recording/arm-recording.ts';
import { limits } from '../recording/limits.ts';
import { runFiles } from '../recording/run-folder.ts';
import { schemaInWords } from '../recording/schema-name.ts';
import { readableFindings, upgradeFindings } from '../recording/upgrade/findings.ts';
import { asUsage } from '../sys/files/as-usage.ts';
import { readText } from '../sys/files/read.ts';
import { removeFile, writeWhole } from '../sys/files/write.ts';
import { runFindings, runSummary } from './findings-schema.ts';

/** The entry of a run in a list of runs. */
export interface Summary {
  /** A verdict, `not judged`, or `cannot be read`. */
  readonly verdict: string;
  readonly sentence: string;
}

/** Larger findings of old runs are not read for the list. */
const mostForSummary = 1024 ** 2;

const judgeCommand = (folder: string): string => `${ownCommand} judge ${quoted(folder)}`;

/** Writes the findings of a run, and its summary in a second file. */
export function writeFindings(folder: string, findings: RunFindings): void {
  const { verdict, sentence } = findings;
  // The old summary belongs to other findings.
  removeFile(folder, runFiles.summary);
  writeWhole(folder, runFiles.findings, `${JSON.stringify(findings)}\n`);
  writeWhole(folder, runFiles.summary, `${JSON.stringify({ schema: 'holdfast.summary/1', verdict, sentence })}\n`);
}

/** Reads the latest findings of a run. Throws UsageError with a remedy if there are none that can be read. */
export function readFindings(folder: string): RunFindings {
  const path = join(folder, runFiles.findings);
  const text = asUsage(path, () => readText(folder, runFiles.findings, { maxBytes: limits.findings }));
  if (text === undefined) throw new UsageError(`${path}: the run was not judged. Judge it: ${judgeCommand(folder)}`);
  try {
    return parsePlan(text, path, (value) => {
      const schema = (value as { schema?: unknown } | null)?.schema;
      if (typeof schema === 'string' && !readableFindings.includes(schema))
        throw new UsageError(`${path}: unknown schema ${schemaInWords(schema)}`);
      return runFindings.safeParse(upgradeFindings(value));
    });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message}. Judge the run again: ${judgeCommand(folder)}`);
  }
}

/** Reads the summary of a run. If it cannot be read, the summary says so, and other runs are still listed. */
export function readSummary(folder: string): Summary {
  try {
    const summary = readText(folder, runFiles.summary, { maxBytes: limits.summary });
    if (summary !== undefined) return parsePlan(summary, runFiles.summary, (value) => runSummary.safeParse(value));
    // Old runs have no summary.
    const findings = readText(folder, runFiles.findings, { maxBytes: mostForSummary });
    if (findings === undefined) return { verdict: 'not judged', sentence: '' };
    return parsePlan(findings, runFiles.findings, (value) => runSummary.omit({ schema: true }).safeParse(value));
  } catch (error) {
    const why = reason(error);
    return { verdict: 'cannot be read', sentence: `${why}. Judge the run again: ${judgeCommand(folder)}` };
  }
}
