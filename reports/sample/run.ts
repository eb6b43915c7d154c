import type { ArmFindings, Finding, RunFindings } from '../../harness/model/finding.ts';
import { worst } from '../../harness/model/verdict.ts';
import { count } from '../words/number.ts';
import type { SampleArm } from './arm.ts';
import { assembled, judgedArms, type SampleExperiment, startedAt } from './assemble.ts';
import { type RolloutKnobs, rolloutScene } from './rollout.ts';

const noLoss = { kind: 'no-loss' } as const;
const mustLose = (atLeast: number) => ({
  kind: 'loss' as const,
  atLeast,
  causes: ['not-listening-yet', 'terminated-still-routed'] as const,
});

const rolloutArm = (
  arm: Pick<SampleArm, 'name' | 'role' | 'says' | 'expect'>,
  knobs: Omit<RolloutKnobs, 'disrupted'>,
): SampleArm => ({
  ...arm,
  workload: { readiness: knobs.readiness, preStopSeconds: knobs.preStopMs / 1000 },
  scene: rolloutScene({ ...knobs, disrupted: arm.role !== 'control' }),
});

const treatment = {
  name: 'treatment',
  role: 'treatment',
  says: 'readiness probe and preStop sleep of 5 s',
  expect: noLoss,
} as const;

const experiment: SampleExperiment = {
  name: 'rolling-update',
  title: 'A rolling update loses no request',
  question: 'When a new version is rolled out, does any request fail?',
  claims: ['C19', 'C20', 'C21', 'C22', 'C23', 'C24'],
  arms: [
    rolloutArm(
      {
        name: 'neither',
        role: 'unprotected',
        says: 'readiness probe and preStop taken away',
        expect: mustLose(100),
      },
      { readiness: false, preStopMs: 0 },
    ),
    rolloutArm(
      { name: 'control', role: 'control', says: 'no rollout: the noise of the lab', expect: noLoss },
      { readiness: true, preStopMs: 5_000 },
    ),
    rolloutArm(
      { name: 'readiness-only', role: 'unprotected', says: 'preStop taken away', expect: mustLose(10) },
      { readiness: true, preStopMs: 0 },
    ),
    rolloutArm(treatment, { readiness: true, preStopMs: 5_000 }),
    rolloutArm(
      { name: 'preStop-only', role: 'unprotected', says: 'readiness probe taken away', expect: mustLose(10) },
      { readiness: false, preStopMs: 5_000 },
    ),
  ],
};

const strength =
  '1 clean rollout bounds the share of bad rollouts at 95 % (95 % confidence); 6,800 clean requests rule out a steady loss above 0.044 %';

const said = (judged: readonly ArmFindings[], sentence: string): RunFindings =>
  assembled(experiment, judged, { sentence, strength });

/** Five arms of a rolling update, in which all is as it must be. */
export function passingRun(): RunFindings {
  const judged = judgedArms(experiment.arms);
  const requests = judged.find((arm) => arm.name === 'treatment')?.requests.total ?? 0;
  const lost = judged.filter(({ role }) => role === 'unprotected').map((arm) => `${arm.requests.failed} (${arm.says})`);
  return said(
    judged,
    `${experiment.title}: none of ${count(requests)} requests failed; without protection it lost ${lost.slice(0, -1).join(', ')} and ${lost.at(-1)}.`,
  );
}

/** The treatment is a liar: its preStop is 0, so it loses what it must not lose. */
export function failingRun(): RunFindings {
  const liar: SampleArm = { ...rolloutArm(treatment, { readiness: true, preStopMs: 0 }), workload: {} };
  const judged = judgedArms(experiment.arms.map((arm) => (arm.name === 'treatment' ? liar : arm)));
  const failed = judged.find((arm) => arm.name === 'treatment')?.requests.failed ?? 0;
  return said(
    judged,
    `rolling-update, treatment: readiness probe and preStop sleep of 5 s, and yet ${count(failed)} requests failed.`,
  );
}

/** The load of one arm was not delivered: nothing is proved. */
export function inconclusiveRun(): RunFindings {
  const dropped: Finding = {
    check: 'load-delivered',
    verdict: 'inconclusive',
    arose: 'after-fault',
    expected: 'none dropped, 99 % of the rate, 99 % sent within 50 ms',
    measured: 'fresh 37 dropped',
    evidence: [{ at: Date.parse(startedAt) * 1000 + 241_300_000, text: 'CPU stolen 41 % in this second' }],
    look: 'requests',
  };
  const judged = judgedArms(experiment.arms).map((arm) => (arm.name === 'treatment' ? withFinding(arm, dropped) : arm));
  return said(judged, 'rolling-update, treatment: The generators send and record the planned load: fresh 37 dropped.');
}

/** The lab broke in one arm, and it recorded nothing. */
export function brokenRun(): RunFindings {
  const broke: Finding = {
    check: 'arm-recorded',
    verdict: 'error',
    arose: 'before-fault',
    expected: 'every replica available within 120 s',
    measured: '2 of 3 replicas available after 120 s',
    evidence: [{ text: 'specimen-5d9c7b-k2xqp on holdfast-worker2: ImagePullBackOff' }],
  };
  const judged = judgedArms(experiment.arms).map((arm) =>
    arm.name === 'readiness-only' ? unrecorded(arm, broke) : arm,
  );
  return said(
    judged,
    'rolling-update, readiness-only: The arm is recorded and can be read: 2 of 3 replicas available after 120 s.',
  );
}

function withFinding(arm: ArmFindings, finding: Finding): ArmFindings {
  const findings = arm.findings.map((known) => (known.check === finding.check ? finding : known));
  return { ...arm, findings, verdict: worst(findings.map(({ verdict }) => verdict)) };
}

function unrecorded({ story: _, margins: __, measures: ___, ...arm }: ArmFindings, finding: Finding): ArmFindings {
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
