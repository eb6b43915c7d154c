import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunPlan } from '../model/plan.ts';
import { UsageError } from '../model/usage-error.ts';
import { type ArmRecording, openArm, parsePlan } from './arm-recording.ts';
import { readEvidence, UnfitFile } from './evidence-file.ts';
import { runPlan } from './plan-schema.ts';
import { runFiles } from './run-folder.ts';

const capPlanBytes = 64 * 1024 ** 2;

/** Runs from before did not record the rules of the client's node. */
const rulesSince = Date.parse('2026-11-24T23:18:13Z');

/** A run's folder: its plan, and its arms' recordings, opened when asked for. */
export interface RunRecording {
  readonly folder: string;
  readonly plan: RunPlan;
  /** Undefined where nothing was recorded. */
  arm(experiment: string, arm: string): Promise<ArmRecording | undefined>;
}

/** Opens a run's folder, which may be a link to it. Throws UsageError where there is no plan that this holdfast reads. */
export async function openRun(path: string): Promise<RunRecording> {
  const folder = await realpath(path).catch(() => path);
  const where = join(path, runFiles.plan);
  const text = await readEvidence(join(folder, runFiles.plan), capPlanBytes).catch((error: unknown) => {
    throw error instanceof UnfitFile ? new UsageError(`${where}: ${error.message}`) : error;
  });
  if (text === undefined) throw new UsageError(`no run in ${path}: there is no ${runFiles.plan}`);
  const plan = parsePlan(text, where, (value) => {
    const schema = (value as { schema?: unknown } | null)?.schema;
    if (typeof schema === 'string' && schema !== 'holdfast.plan/1') {
      throw new UsageError(
        `${where} holds ${schema}, and this holdfast reads holdfast.plan/1: use the one that wrote it`,
      );
    }
    return runPlan.safeParse(value);
  });
  const recordsRules = plan.lab.proxyMode === 'iptables' && Date.parse(plan.startedAt) >= rulesSince;
  return {
    folder,
    plan,
    async arm(experiment, name) {
      const arm = await openArm(join(folder, experiment, name));
      if (arm) arm.recordsRules = recordsRules && arm.plan.traffic !== null;
      return arm;
    },
  };
}
