import { join } from 'node:path';
import type { RunPlan } from '../model/plan.ts';
import { UsageError } from '../model/usage-error.ts';
import { realPath } from '../sys/files/real-path.ts';
import { type ArmRecording, openArm, parsePlan, readPlan } from './arm-recording.ts';
import { runPlan } from './plan-schema.ts';
import { runFiles } from './run-folder.ts';

/** Runs from before did not record the rules of the client's node; none of them was in nftables mode. */
const rulesSince = Date.parse('2026-11-24T23:18:13Z');

/** A run's folder: its plan, and its arms' recordings, opened when asked for. */
export interface RunRecording {
  /** Without links on the way to it. */
  readonly folder: string;
  readonly plan: RunPlan;
  /** Undefined where nothing was recorded. */
  arm(experiment: string, arm: string): ArmRecording | undefined;
}

/**
 * Opens a run's folder, which may be named through a link; below it none is followed. Throws UsageError if there is no plan
 * that this holdfast reads. `signal` ends all reading of its arms.
 */
export function openRun(path: string, signal?: AbortSignal): RunRecording {
  const folder = realPath(path) ?? path;
  const where = join(path, runFiles.plan);
  const text = readPlan(folder, runFiles.plan, where);
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
  const { proxyMode } = plan.lab;
  const recordsRules =
    proxyMode === 'nftables' || (proxyMode === 'iptables' && Date.parse(plan.startedAt) >= rulesSince);
  return {
    folder,
    plan,
    arm(experiment, name) {
      const arm = openArm(folder, `${experiment}/${name}`, signal);
      if (arm) {
        arm.proxyMode = proxyMode;
        arm.recordsRules = recordsRules && arm.plan.traffic !== null;
      }
      return arm;
    },
  };
}
