import type { Demand } from '../model/experiment.ts';
import { type ArmFindings, type FailedRequest, type Finding, lookRequests, type RecordedAs } from '../model/finding.ts';
import { expectationInWords } from '../model/in-words.ts';
import { count } from '../model/number-words.ts';
import type { ArmPlan } from '../model/plan.ts';
import { microsToMs } from '../model/units.ts';
import { worst } from '../model/verdict.ts';
import type { ArmRecording } from '../recording/arm-recording.ts';
import { armFiles } from '../recording/run-folder.ts';
import { type ArmEvidence, type Failure, gather } from './arm/arm-evidence.ts';
import { answersIdentified } from './checks/answers-identified.ts';
import { armComplete } from './checks/arm-complete.ts';
import { asPlanned } from './checks/as-planned/as-planned.ts';
import { budgetRespected } from './checks/budget.ts';
import { answer, type Check, withEvidenceIn } from './checks/check.ts';
import { clockSteady } from './checks/clock-steady.ts';
import { demanded } from './checks/demands.ts';
import { exposed } from './checks/exposed.ts';
import { byCause, byCauseInWords } from './checks/failed-requests.ts';
import { cleanBaseline, cleanTail, failuresAttributed, lossAsExpected } from './checks/failures.ts';
import { unlessMachineCaused } from './checks/failures-that-count.ts';
import { faultLanded, nothingDisturbed } from './checks/fault-landed.ts';
import { hiddenRetries } from './checks/hidden-retries.ts';
import { loadDelivered } from './checks/load-delivered.ts';
import { machineCouldMeasure } from './checks/machine-could-measure.ts';
import { noWatchGaps } from './checks/no-watch-gaps.ts';
import { placementInWords } from './checks/placement.ts';
import { recordingIntact } from './checks/recording-intact.ts';
import { recordingsAgree } from './checks/recordings-agree.ts';
import { terminatedAsRouted } from './checks/terminated-as-routed.ts';
import { watchesMatchLogs } from './checks/watches-match-logs.ts';
import { witnessesAgree } from './checks/witnesses-agree/witnesses-agree.ts';
import { pauses } from './evidence/pauses.ts';
import { exposed as exposedBy } from './exposure/exposure.ts';
import { marginsInWords, marginsOf } from './measures/margins.ts';
import { measuresOf } from './measures/measures.ts';
import { sampleFailures } from './sample-failures.ts';
import { storyOf } from './story.ts';
import { phaseOrder } from './timeline/phases.ts';
import type { Timeline } from './timeline/timeline.ts';
import { strengthOfArm } from './trials.ts';

/**
 * Checks of every arm that sends requests. Failures in the tail are allowed in unprotected arms and in arms without an
 * expectation.
 */
const trafficChecks = ({ role, expect }: ArmPlan): Check[] => [
  ...withEvidenceIn(
    lookRequests.failed,
    cleanBaseline,
    ...(role === 'unprotected' || expect.kind === 'observed' ? [] : [cleanTail]),
  ),
  ...withEvidenceIn(lookRequests.all, loadDelivered, answersIdentified),
  ...withEvidenceIn(armFiles.conntrack, recordingsAgree),
  ...withEvidenceIn(lookRequests.all, hiddenRetries, terminatedAsRouted, exposed),
];

/** Whether a stall of the machine may affect the demand. */
const isTimed = ({ kind }: Demand): boolean =>
  kind === 'recovery' ||
  kind === 'added-latency' ||
  kind === 'margin' ||
  kind === 'ready-endpoints' ||
  kind === 'running-at-end';

/** The checks of every arm, in the order of the report. */
const checksOf = (plan: ArmPlan): Check[] => [
  ...withEvidenceIn(plan.traffic ? lookRequests.failed : armFiles.events, lossAsExpected(plan)),
  ...withEvidenceIn(lookRequests.failed, failuresAttributed),
  ...withEvidenceIn(
    armFiles.events,
    ...(plan.disruptions.length > 0 ? plan.disruptions.map(faultLanded) : [nothingDisturbed]),
  ),
  ...plan.demands.map((demand) => unlessMachineCaused(demanded(demand, plan.role), isTimed(demand))),
  ...withEvidenceIn(
    armFiles.events,
    ...(plan.workload.facts.budget.length > 0 ? [unlessMachineCaused(budgetRespected(plan), true)] : []),
  ),
  ...(plan.traffic ? trafficChecks(plan) : []),
  ...withEvidenceIn(armFiles.events, noWatchGaps),
  ...withEvidenceIn(armFiles.workload, watchesMatchLogs),
  ...withEvidenceIn(plan.traffic ? lookRequests.all : armFiles.events, witnessesAgree(plan)),
  ...withEvidenceIn(armFiles.clock, machineCouldMeasure, clockSteady),
  ...withEvidenceIn(armFiles.sums, recordingIntact),
  ...withEvidenceIn(armFiles.events, asPlanned, armComplete),
];

/** The checks of an arm that the recorder ended before the fault because the machine could not measure. */
const endedChecks: readonly Check[] = [
  ...withEvidenceIn(armFiles.clock, machineCouldMeasure),
  ...withEvidenceIn(armFiles.sums, recordingIntact),
  ...withEvidenceIn(armFiles.events, armComplete),
];

const endedBeforeTheFault = ({ unmeasurable, phases, faults }: Timeline): boolean =>
  unmeasurable !== undefined && phases.start('fault') === undefined && faults.length === 0;

/** Judges one arm’s recording as a stream. Throws only if its plan or schema cannot be read. */
export async function judgeRecording(recording: ArmRecording): Promise<ArmFindings> {
  const evidence = await gather(recording);
  const { plan, failures, generators, phases, timeline } = evidence;
  // An arm that broke is not judged. The check only says why it broke.
  const checks = timeline.broke
    ? withEvidenceIn(armFiles.events, armComplete)
    : endedBeforeTheFault(timeline)
      ? endedChecks
      : checksOf(plan);
  const pause = pauses(recording.folder.signal);
  const findings: Finding[] = [];
  for (const check of checks) {
    await pause();
    findings.push(answer(check, evidence));
  }
  const margins = marginsOf(evidence);
  const counts = byCause(failures);
  const exposure = plan.traffic && !timeline.broke ? exposedBy(evidence).exposure : undefined;
  const deployed = timeline.phases.start('deploy') ?? phases.warmup.from;
  const judged: ArmFindings = {
    ...identity(plan),
    verdict: worst(findings.map(({ verdict }) => verdict)),
    measured: measuredInWords(evidence, marginsInWords(margins, evidence)),
    findings,
    requests: {
      total: generators.reduce((sum, { total }) => sum + total, 0),
      failed: failures.length,
      unattributed: counts.unattributed ?? 0,
      byCause: counts,
      byGenerator: Object.fromEntries(generators.map((load) => [load.gen, load.counts()])),
    },
    durationMs: microsToMs(Math.max(0, timeline.last - deployed)),
    phasesMs: phasesMs(evidence, deployed),
    recorded: recordedAs(recording, evidence),
    failures: sampleFailures(failures).map(explained),
    margins,
    measures: measuresOf(evidence),
    ...(exposure && { exposure }),
    story: storyOf(evidence),
  };
  return { ...judged, strength: strengthOfArm(plan, judged) };
}

function recordedAs(
  { file: { id, run, experiment, cluster, profile } }: ArmRecording,
  evidence: ArmEvidence,
): RecordedAs {
  const { phases, uids } = evidence;
  const says = run !== null && experiment !== null && cluster !== null && profile !== null;
  return {
    from: phases.warmup.from,
    to: phases.tail.to,
    podUids: uids.ofPods,
    ...(id !== null && { id }),
    ...(says && { origin: { run, experiment, cluster, profile } }),
  };
}

function explained(failure: Failure): FailedRequest {
  const { request, phase } = failure;
  const attribution = failure.why();
  return { request, phase, ...attribution, evidence: attribution.evidence() };
}

const identity = ({ name, repeats, role, says, expect }: ArmPlan) => ({
  name,
  ...(repeats !== undefined && { repeats }),
  role,
  says,
  expect,
  expected: expectationInWords(expect),
});

function measuredInWords(evidence: ArmEvidence, margins: string): string {
  const { plan, failures, generators } = evidence;
  if (!plan.traffic) return placementInWords(evidence);
  const total = generators.reduce((sum, load) => sum + load.total, 0);
  const words = `${count(failures.length)} of ${count(total)} requests failed`;
  if (failures.length > 0) return `${words}: ${byCauseInWords(failures)}`;
  return plan.role === 'treatment' && margins !== '' ? `${words}; ${margins}` : words;
}

function phasesMs({ phases, timeline }: ArmEvidence, deployed: number): { [phase: string]: number } {
  const times = Object.fromEntries(
    phaseOrder.map((phase) => [phase, microsToMs(phases[phase].to - phases[phase].from)]),
  );
  const deploy = microsToMs(Math.max(0, phases.warmup.from - deployed));
  return { deploy, ...times, seal: microsToMs(Math.max(0, timeline.last - phases.tail.to)) };
}

/** The findings of an arm without a recording: the lab broke before or during the arm. */
export const unrecorded = (plan: ArmPlan, why: string): ArmFindings =>
  withoutRecording(plan, { verdict: 'error', arose: 'before-fault', why });

/** The findings of an arm whose recording is too damaged to be judged. */
export const unreadable = (plan: ArmPlan, why: string): ArmFindings =>
  withoutRecording(plan, { verdict: 'inconclusive', arose: 'after-fault', why });

function withoutRecording(
  plan: ArmPlan,
  { verdict, arose, why }: Required<Pick<Finding, 'verdict' | 'arose'>> & { readonly why: string },
): ArmFindings {
  const finding: Finding = {
    check: 'arm-recorded',
    verdict,
    arose,
    expected: 'a recording',
    measured: why,
    evidence: [],
  };
  return {
    ...identity(plan),
    verdict,
    measured: verdict === 'error' ? 'nothing was recorded' : 'its recording cannot be read',
    findings: [finding],
    requests: { total: 0, failed: 0, unattributed: 0, byCause: {}, byGenerator: {} },
    durationMs: 0,
    phasesMs: {},
    failures: [],
  };
}
