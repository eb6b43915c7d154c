import { join } from 'node:path';
import { judgeRun } from '../../harness/judge/judge.ts';
import { judgeExperiment } from '../../harness/judge/judge-experiment.ts';
import type { ArmFindings, RunFindings } from '../../harness/model/finding.ts';
import type { ExperimentPlan } from '../../harness/model/plan.ts';
import { exitCodes } from '../../harness/model/verdict.ts';

const golden = join(import.meta.dirname, '../../harness/testing/golden');
const judged = new Map<string, Promise<RunFindings>>();

/** The judge's findings for a golden recording. Each recording is judged once per process. */
export function recorded(name: string): Promise<RunFindings> {
  const known = judged.get(name);
  if (known) return known;
  const findings = judgeRun(join(golden, name)).then((run) => ({ ...run, judgedAt: run.plan.startedAt }));
  judged.set(name, findings);
  return findings;
}

/** The run with other findings for one arm. The experiment's verdict and sentence stay as they were. */
export const withArm = (run: RunFindings, name: string, make: (arm: ArmFindings) => ArmFindings[]): RunFindings => ({
  ...run,
  experiments: run.experiments.map((experiment) => ({
    ...experiment,
    arms: experiment.arms.flatMap((arm) => (arm.name === name ? make(arm) : [arm])),
  })),
});

/** The run with other arms in its only experiment, with the verdict and sentence that the judge gives to these arms. */
export function withArms(run: RunFindings, plan: ExperimentPlan, arms: readonly ArmFindings[]): RunFindings {
  const experiment = judgeExperiment(plan, arms, []);
  const { verdict, sentence } = experiment;
  return {
    ...run,
    plan: { ...run.plan, experiments: [plan] },
    verdict,
    exitCode: exitCodes[verdict],
    sentence,
    durationMs: arms.reduce((sum, { durationMs }) => sum + durationMs, 0),
    experiments: [experiment],
  };
}
