import type { Experiment } from '../model/experiment.ts';
import type { RunFindings } from '../model/finding.ts';
import { ownCommand } from '../model/own-command.ts';
import type { ExperimentPlan } from '../model/plan.ts';
import { quoted } from '../model/quoted.ts';
import { UsageError } from '../model/usage-error.ts';
import { exitCodes } from '../model/verdict.ts';
import { checkDeadline } from '../plan/deadline.ts';
import { planExperiment } from '../plan/plan.ts';
import { newSeed } from '../plan/seed.ts';
import { parseSettings } from '../plan/settings.ts';
import { NotUndone } from '../record/undo/undo.ts';
import { checkPlan } from '../run/check-plan.ts';
import { chooseExperiments } from '../run/experiments.ts';
import { recordAll } from '../run/record-all.ts';
import { defaultRunsFolder } from '../run/runs.ts';
import { type RunOptions, type RunSession, startRun } from '../run/session.ts';
import { withLock } from '../sys/lock.ts';
import { printError } from '../sys/terminal.ts';
import type { RunChoices } from './choices.ts';
import { printFailure } from './common/failure.ts';
import { deadlineSignal, interruptedAfterUndo, interruptSignal } from './common/interrupt.ts';
import { terminalProgress } from './common/progress.ts';
import { show, typedPath, writeReports } from './common/show.ts';
import { typedCommand } from './common/typed-command.ts';
import { type CleanLab, onCleanLab } from './heal/on-lab.ts';

interface Planned {
  readonly experiment: Experiment;
  readonly plan: ExperimentPlan;
}

/** After the deadline, the recorded arms are judged, for at most this long. */
const judgingMs = 60_000;

/** Plans, prepares the lab, records, judges and prints. Returns the exit code. */
export async function runNamed(names: readonly string[], choices: RunChoices): Promise<number> {
  const seed = choices.seed ?? newSeed();
  const settings = parseSettings(choices.set);
  const { repeat, until } = choices;
  if (until && choices.keep)
    throw new UsageError('--keep cannot be combined with --until: the number of runs is not known in advance');
  const wanted = { seed, settings, arms: choices.arm, allArms: choices.allArms ?? false, repeat, until };
  const chosen = await chooseExperiments(names);
  const experiments = chosen.map((experiment) => ({ experiment, plan: planExperiment(experiment, wanted) }));
  for (const { plan } of experiments) checkPlan(plan);
  checkDeadline(
    experiments.map(({ plan }) => plan),
    choices.deadline,
  );
  const nodeTimings = timingsFor(experiments) ?? choices.nodeTimings;
  const endsAt = performance.now() + choices.deadline;
  const interrupted = interruptSignal();
  const signal = AbortSignal.any([interrupted, deadlineSignal(choices.deadline)]);
  const judging = AbortSignal.any([interrupted, deadlineSignal(choices.deadline, judgingMs)]);
  const command = typedCommand();

  return withLock('lab', command.join(' '), async () => {
    const progress = await terminalProgress();
    return onCleanLab({ ...choices, nodeTimings }, { progress, signal }, async (lab) => {
      const done = await recordOn(
        lab,
        {
          experiments,
          runs: choices.runs ?? defaultRunsFolder(),
          seed,
          settings,
          command,
          deadlineMs: choices.deadline,
          keep: choices.keep ?? false,
          progress,
          signal,
          judging,
        },
        endsAt,
      );
      if (interrupted.aborted) throw done.broke instanceof NotUndone ? done.broke : interruptedAfterUndo(interrupted);
      const { findings, broke, folder } = done;
      const json = choices.json ?? false;
      if (findings) show(findings, { json, folder, broke });
      if (broke) printFailure(broke, { json: json && !findings });
      if (!findings) printError(`Judge the recorded arms: ${ownCommand} judge ${quoted(typedPath(folder))}\n`);
      if (choices.keep) printError(`KUBECONFIG=${lab.cluster.kubeconfig}\n`);
      return broke || !findings ? exitCodes.error : findings.exitCode;
    });
  });
}

/** The node timings that these experiments need. A cluster has only one kind of node timings. */
function timingsFor(experiments: readonly Planned[]): 'defaults' | undefined {
  const needing = experiments.filter(({ experiment }) => experiment.nodeTimings === 'defaults');
  if (needing.length > 0 && needing.length < experiments.length) {
    const which = needing.map(({ experiment }) => experiment.name).join(' and ');
    throw new UsageError(`${which} needs a lab with the default node timings of Kubernetes. Run it separately`);
  }
  return needing.length > 0 ? 'defaults' : undefined;
}

interface Recorded {
  readonly folder: string;
  /** Undefined if judging was interrupted or failed. */
  readonly findings: RunFindings | undefined;
  /** The error that ended the run before its last arm or before its verdict. */
  readonly broke: unknown;
}

/**
 * Records every arm on a clean lab, judges them, and writes the reports. An error is returned, and the recorded arms
 * are judged anyway.
 */
export async function recordOn(
  lab: CleanLab,
  options: Omit<RunOptions, keyof CleanLab>,
  endsAt?: number,
): Promise<Recorded> {
  const run = await startRun({ ...lab, ...options });
  return concluded(run, await recordAll(run, options.progress, endsAt));
}

/**
 * Judges the recorded arms and writes the reports. If judging fails too, the first error is returned, because it is the
 * more important one.
 */
export async function concluded(run: Pick<RunSession, 'folder' | 'finish'>, broke: unknown): Promise<Recorded> {
  const { folder } = run;
  try {
    const findings = await run.finish();
    writeReports(folder, findings);
    return { folder, findings, broke };
  } catch (error) {
    return { folder, findings: undefined, broke: broke ?? error };
  }
}
