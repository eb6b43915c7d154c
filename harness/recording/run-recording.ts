import { join } from 'node:path';
import type { RunPlan } from '../model/plan.ts';
import { UsageError } from '../model/usage-error.ts';
import { realPath } from '../sys/files/real-path.ts';
import { type ArmRecording, openArm, parsePlan, readPlan, refuseOtherSchema } from './arm-recording.ts';
import { runPlan } from './plan-schema.ts';
import { runFiles } from './run-folder.ts';
import { identitiesOf } from './upgrade/identities.ts';
import { readablePlans, upgradeRunPlan } from './upgrade/plan.ts';

/** The recording of a run: its plan, and the recordings of its arms, which are opened on request. */
export interface RunRecording {
  /** The path without links. */
  readonly folder: string;
  readonly plan: RunPlan;
  /** Undefined if nothing was recorded. */
  arm(experiment: string, arm: string): ArmRecording | undefined;
}

/**
 * Opens the folder of a run. The path may contain links; links below it are not followed. Throws UsageError if there is
 * no readable plan. `signal` aborts all reading of its arms.
 */
export function openRun(path: string, signal?: AbortSignal): RunRecording {
  const folder = realPath(path) ?? path;
  const where = join(path, runFiles.plan);
  const text = readPlan(folder, runFiles.plan, where);
  if (text === undefined) throw new UsageError(`no run in ${path}: there is no ${runFiles.plan}`);
  let older: unknown;
  const plan = parsePlan(text, where, (value) => {
    refuseOtherSchema(value, readablePlans, where);
    const upgraded = upgradeRunPlan(value);
    if (upgraded !== value) older = value;
    return runPlan.safeParse(upgraded);
  });
  const identities = older === undefined ? undefined : identitiesOf(older as RunPlan, plan);
  return {
    folder,
    plan,
    arm: (experiment, name) => openArm(folder, `${experiment}/${name}`, { signal, run: plan, identities }),
  };
}
