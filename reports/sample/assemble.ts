import type { WorkloadSettings } from '../../harness/model/experiment.ts';
import type { ArmFindings, RunFindings } from '../../harness/model/finding.ts';
import type { ArmPlan, ExperimentPlan } from '../../harness/model/plan.ts';
import { exitCodes, type Verdict, worst } from '../../harness/model/verdict.ts';
import { hasTraffic, phases, type SampleArm, sampleArm } from './arm.ts';
import { sampleLab } from './lab.ts';

export const startedAt = '2026-11-22T19:04:12.000Z';

export interface SampleExperiment extends Omit<ExperimentPlan, 'arms'> {
  readonly arms: readonly SampleArm[];
}

/** Every arm as it is judged, one after the other. */
export const judgedArms = (list: readonly SampleArm[]): ArmFindings[] => {
  let start = Date.parse(startedAt) * 1000 + 4_200_000;
  return list.map((arm, index) => {
    const judged = sampleArm(arm, start, 41 + index);
    start += Math.round(judged.durationMs * 1000);
    return judged;
  });
};

const workload: WorkloadSettings = {
  replicas: 3,
  maxSurge: 1,
  maxUnavailable: 0,
  readiness: true,
  preStopSeconds: 5,
  graceSeconds: 30,
  startDelayMs: 3_000,
  drain: 'graceful',
  workMs: 0,
  strategy: 'RollingUpdate',
  budget: null,
  antiAffinity: 'none',
  antiAffinityOver: 'hostname',
  scheduler: 'default-scheduler',
  busyWorkers: 0,
  dependency: false,
};

const armPlan = (experiment: string, arm: SampleArm): ArmPlan => ({
  name: arm.name,
  role: arm.role,
  says: arm.says,
  namespace: `holdfast-${experiment}-${arm.name}`,
  workload: { ...workload, ...arm.workload },
  traffic: hasTraffic(arm)
    ? { freshPerSecond: 100, keptAlivePerSecond: 60, timeoutMs: 2_000, from: 'control-plane' }
    : null,
  phases,
  disruptions: [],
  expect: arm.expect,
  demands: (arm.demands ?? []).map(({ demand }) => demand),
});

/** A run of one experiment, whose arms came to this. */
export function assembled(
  experiment: SampleExperiment,
  judged: readonly ArmFindings[],
  { sentence, strength }: { readonly sentence: string; readonly strength: string },
): RunFindings {
  const { arms, ...named } = experiment;
  const verdict: Verdict = worst(judged.map((arm) => arm.verdict));
  const { name, title, question } = named;
  return {
    schema: 'holdfast.findings/3',
    plan: {
      schema: 'holdfast.plan/1',
      run: '2026-11-22T190412Z-5e1f',
      startedAt,
      command: ['./holdfast', 'run', name],
      seed: '5e1f09c4',
      settings: {},
      deadlineMs: 900_000,
      holdfast: { version: '0.1.0', commit: '0123456789abcdef0123456789abcdef01234567', dirty: false },
      host: { cores: 2, memoryBytes: 25_769_803_776, kernel: '6.18.5', node: 'v24.21.0' },
      lab: sampleLab,
      experiments: [{ ...named, arms: arms.map((arm) => armPlan(name, arm)) }],
    },
    judgedAt: '2026-11-22T19:09:02.000Z',
    verdict,
    exitCode: exitCodes[verdict],
    sentence,
    durationMs: judged.reduce((sum, arm) => sum + arm.durationMs, 4_200),
    experiments: [
      {
        name,
        title,
        question,
        verdict,
        sentence,
        strength: verdict === 'pass' ? strength : '',
        findings: [
          {
            check: 'experiment-valid',
            verdict: 'pass',
            expected: 'a control, a treatment and an unprotected arm',
            measured: `${judged.length} arms`,
            evidence: [],
          },
        ],
        arms: judged,
      },
    ],
  };
}
