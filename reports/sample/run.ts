import type { ArmFindings, Finding, RunFindings } from '../../harness/model/finding.ts';
import type { ArmPlan } from '../../harness/model/plan.ts';
import { exitCodes, type Verdict, worst } from '../../harness/model/verdict.ts';
import { count } from '../words/number.ts';
import { type SampleArm, sampleArm } from './arm.ts';
import { sampleLab } from './lab.ts';

const startedAt = '2026-11-22T19:04:12.000Z';
const noLoss = { kind: 'no-loss' } as const;
const mustLose = (atLeast: number) => ({
  kind: 'loss' as const,
  atLeast,
  causes: ['not-listening-yet', 'terminated-still-routed'] as const,
});

const arms: readonly SampleArm[] = [
  {
    name: 'neither',
    role: 'unprotected',
    says: 'readiness probe and preStop taken away',
    readiness: false,
    preStopMs: 0,
    expect: mustLose(100),
  },
  {
    name: 'control',
    role: 'control',
    says: 'no rollout: the noise of the lab',
    readiness: true,
    preStopMs: 5_000,
    expect: noLoss,
  },
  {
    name: 'readiness-only',
    role: 'unprotected',
    says: 'preStop taken away',
    readiness: true,
    preStopMs: 0,
    expect: mustLose(10),
  },
  {
    name: 'treatment',
    role: 'treatment',
    says: 'readiness probe and preStop sleep of 5 s',
    readiness: true,
    preStopMs: 5_000,
    expect: noLoss,
  },
  {
    name: 'preStop-only',
    role: 'unprotected',
    says: 'readiness probe taken away',
    readiness: false,
    preStopMs: 5_000,
    expect: mustLose(10),
  },
];

/** Five arms of a rolling update, in which all is as it must be. */
export function passingRun(): RunFindings {
  const judged = judgedArms(arms);
  const requests = judged.find((arm) => arm.name === 'treatment')?.requests.total ?? 0;
  const lost = judged.filter(({ role }) => role === 'unprotected').map((arm) => `${arm.requests.failed} (${arm.says})`);
  return assembled(
    judged,
    `${named.title}: none of ${count(requests)} requests failed; without protection it lost ${lost.slice(0, -1).join(', ')} and ${lost.at(-1)}.`,
  );
}

/** The treatment is a liar: its preStop is 0, so it loses what it must not lose. */
export function failingRun(): RunFindings {
  const judged = judgedArms(arms.map((arm) => (arm.name === 'treatment' ? { ...arm, preStopMs: 0 } : arm)));
  const failed = judged.find((arm) => arm.name === 'treatment')?.requests.failed ?? 0;
  return assembled(
    judged,
    `rolling-update, treatment: readiness probe and preStop sleep of 5 s, and yet ${count(failed)} requests failed.`,
  );
}

/** The load of one arm was not delivered: nothing is proved. */
export function inconclusiveRun(): RunFindings {
  const dropped: Finding = {
    check: 'the load was delivered',
    verdict: 'inconclusive',
    arose: 'after-fault',
    expected: 'none dropped, 99 % of the rate, 99 % sent within 50 ms',
    measured: 'fresh 37 dropped',
    evidence: [{ at: Date.parse(startedAt) * 1000 + 241_300_000, text: 'CPU stolen 41 % in this second' }],
  };
  const judged = judgedArms(arms).map((arm) => (arm.name === 'treatment' ? withFinding(arm, dropped) : arm));
  return assembled(judged, 'rolling-update, treatment: the load was delivered: fresh 37 dropped.');
}

/** The lab broke in one arm, and it recorded nothing. */
export function brokenRun(): RunFindings {
  const broke: Finding = {
    check: 'the arm was recorded',
    verdict: 'error',
    arose: 'before-fault',
    expected: 'every replica available within 120 s',
    measured: '2 of 3 replicas available after 120 s',
    evidence: [{ text: 'specimen-5d9c7b-k2xqp on holdfast-worker2: ImagePullBackOff' }],
  };
  const judged = judgedArms(arms).map((arm) => (arm.name === 'readiness-only' ? unrecorded(arm, broke) : arm));
  return assembled(
    judged,
    'rolling-update, readiness-only: the arm was recorded: 2 of 3 replicas available after 120 s.',
  );
}

const named = {
  name: 'rolling-update',
  title: 'A rolling update loses no request',
  question: 'When a new version is rolled out, does any request fail?',
};

const armPlan = ({ name, role, says, expect, readiness, preStopMs }: SampleArm): ArmPlan => ({
  name,
  role,
  says,
  namespace: `holdfast-rolling-update-${name}`,
  workload: {
    replicas: 3,
    maxSurge: 1,
    maxUnavailable: 0,
    readiness,
    preStopSeconds: preStopMs / 1000,
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
  },
  traffic: { freshPerSecond: 100, keptAlivePerSecond: 60, timeoutMs: 2_000, from: 'control-plane' },
  phases: { warmupMs: 5_000, baselineMs: 10_000, quietMs: 15_000, tailMs: 10_000 },
  disruptions: [],
  expect,
  demands: [],
});

const judgedArms = (list: readonly SampleArm[]): ArmFindings[] => {
  let start = Date.parse(startedAt) * 1000 + 4_200_000;
  return list.map((arm, index) => {
    const judged = sampleArm(arm, start, 41 + index);
    start += Math.round(judged.durationMs * 1000);
    return judged;
  });
};

function withFinding(arm: ArmFindings, finding: Finding): ArmFindings {
  const findings = arm.findings.map((known) => (known.check === finding.check ? finding : known));
  return { ...arm, findings, verdict: worst(findings.map(({ verdict }) => verdict)) };
}

function unrecorded({ story: _, ...arm }: ArmFindings, finding: Finding): ArmFindings {
  return {
    ...arm,
    verdict: 'error',
    measured: 'nothing was recorded',
    findings: [finding],
    requests: { total: 0, failed: 0, unattributed: 0, byCause: {}, byGenerator: {} },
    durationMs: 129_000,
    phasesMs: { deploy: 120_000 },
    failures: [],
  };
}

function assembled(judged: readonly ArmFindings[], sentence: string): RunFindings {
  const verdict: Verdict = worst(judged.map((arm) => arm.verdict));
  return {
    schema: 'holdfast.findings/2',
    plan: {
      schema: 'holdfast.plan/1',
      run: '2026-11-22T190412Z-5e1f',
      startedAt,
      command: ['./holdfast', 'run', 'rolling-update'],
      seed: '5e1f09c4',
      settings: {},
      deadlineMs: 900_000,
      holdfast: { version: '0.1.0', commit: '0123456789abcdef0123456789abcdef01234567', dirty: false },
      host: { cores: 2, memoryBytes: 25_769_803_776, kernel: '6.18.5', node: 'v24.21.0' },
      lab: sampleLab,
      experiments: [{ ...named, claims: ['C19', 'C20', 'C21', 'C22', 'C23', 'C24'], arms: arms.map(armPlan) }],
    },
    judgedAt: '2026-11-22T19:09:02.000Z',
    verdict,
    exitCode: exitCodes[verdict],
    sentence,
    durationMs: judged.reduce((sum, arm) => sum + arm.durationMs, 4_200),
    experiments: [
      {
        ...named,
        verdict,
        sentence,
        strength:
          verdict === 'pass'
            ? '1 clean rollout bounds the share of bad rollouts at 95 % (95 % confidence); 6,800 clean requests rule out a steady loss above 0.044 %'
            : '',
        findings: [
          {
            check: 'the arms make an experiment',
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
