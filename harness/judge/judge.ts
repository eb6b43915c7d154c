import type { ArmFindings, ExperimentFindings, RunFindings } from '../model/finding.ts';
import { counted, listed } from '../model/number-words.ts';
import { type ArmPlan, armOf, type ExperimentPlan } from '../model/plan.ts';
import { reason } from '../model/reason.ts';
import { UsageError } from '../model/usage-error.ts';
import { exitCodes, type Verdict, worst } from '../model/verdict.ts';
import { type ArmRecording, openArm } from '../recording/arm-recording.ts';
import { openRun, type RunRecording } from '../recording/run-recording.ts';
import { judgeRecording, unreadable, unrecorded } from './judge-arm.ts';
import { judgeExperiment } from './judge-experiment.ts';
import { foreignRecordings } from './one-run.ts';
import { countedTwice } from './recorded-once.ts';

export interface JudgeOptions {
  /** Aborts the judging. Its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Does the judging of one arm, such as within a step of the progress. */
export type AroundArm = <T>(title: string, work: () => Promise<T>) => Promise<T>;

/**
 * Judges the recording of an arm in `folder`, or at `path` below it. Throws `UsageError` if there is none that this
 * version of holdfast reads.
 */
export async function judgeArm(
  folder: string,
  { path = '', signal }: JudgeOptions & { readonly path?: string } = {},
): Promise<ArmFindings> {
  const recording = openArm(folder, path, { signal });
  if (!recording) throw new UsageError(`no arm was recorded in ${path === '' ? folder : `${folder}/${path}`}`);
  return judgeRecording(recording);
}

/**
 * Judges a run’s folder. It only reads, and keeps only failures and folds in memory. `around` gets the experiment and the
 * name of each arm, and runs the work that judges it.
 */
export async function judgeRun(
  folder: string,
  { signal, around = (_title, work) => work() }: JudgeOptions & { readonly around?: AroundArm } = {},
): Promise<RunFindings> {
  const run = openRun(folder, signal);
  const recorded: { readonly plan: ExperimentPlan; readonly arms: readonly ArmFindings[] }[] = [];
  for (const plan of run.plan.experiments) recorded.push({ plan, arms: await judgeArms(run, plan, around) });
  const twice = countedTwice(
    recorded.flatMap(({ plan: { name }, arms }) => arms.map((arm) => ({ experiment: name, arm }))),
  );
  const experiments = recorded.map(({ plan, arms }) =>
    judgeExperiment(plan, arms, [...(twice.get(plan.name) ?? []), ...foreignRecordings(run.plan, plan, arms)]),
  );
  const verdict = worst(experiments.map((each) => each.verdict));
  const arms = experiments.flatMap((each) => each.arms);
  return {
    schema: 'holdfast.findings/3',
    plan: run.plan,
    judgedAt: new Date().toISOString(),
    verdict,
    exitCode: exitCodes[verdict],
    sentence: sentenceOf(experiments, verdict),
    durationMs: arms.reduce((sum, { durationMs }) => sum + durationMs, 0),
    experiments,
  };
}

async function judgeArms(run: RunRecording, experiment: ExperimentPlan, around: AroundArm): Promise<ArmFindings[]> {
  const found = new Map<string, ArmFindings>();
  for (const plan of experiment.arms) {
    const arm = await around(`${experiment.name} ${plan.name}`, () => judgePlanned(run, experiment.name, plan));
    if (arm) found.set(plan.name, arm);
  }
  const ran = new Set([...found.values()].map(armOf));
  return experiment.arms.flatMap((plan) => {
    const arm = found.get(plan.name);
    if (arm) return [arm];
    // An arm with at least one run is judged by its runs. A missing run affects only what the runs show together.
    const first = experiment.arms.find((each) => armOf(each) === armOf(plan));
    return plan === first && !ran.has(armOf(plan)) ? [unrecorded(plan, 'it left no recording')] : [];
  });
}

/** Undefined if the arm was not recorded. */
async function judgePlanned(run: RunRecording, experiment: string, plan: ArmPlan): Promise<ArmFindings | undefined> {
  let recording: ArmRecording | undefined;
  try {
    recording = run.arm(experiment, plan.name);
  } catch (error) {
    if (error instanceof UsageError) return unreadable(plan, error.message);
    throw error;
  }
  if (!recording) return undefined;
  recording.expectPlan(plan);
  try {
    return await judgeRecording(recording);
  } catch (error) {
    recording.folder.signal?.throwIfAborted();
    if (error instanceof UsageError) throw error;
    return unrecorded(plan, `it cannot be judged: ${reason(error)}`);
  }
}

function sentenceOf(experiments: readonly ExperimentFindings[], verdict: Verdict): string {
  const [only] = experiments;
  if (!only) return 'The run has no experiment.';
  if (experiments.length === 1) return only.sentence;
  const same = experiments.filter((each) => each.verdict === verdict);
  if (verdict === 'pass') return `All of ${counted(experiments.length, 'experiment')} passed.`;
  return `${listed(same.map(({ name }) => name))}: ${verdict}. ${same[0]?.sentence ?? ''}`;
}
