import { join } from 'node:path';
import { judgeArm, judgeRun } from '../judge/judge.ts';
import type { ClusterInfo } from '../model/cluster.ts';
import type { Experiment } from '../model/experiment.ts';
import { experimentIdentity } from '../model/experiment-identity.ts';
import type { ArmFindings, RunFindings } from '../model/finding.ts';
import type { ArmPlan, ExperimentPlan, RunPlan } from '../model/plan.ts';
import type { Progress } from '../model/progress.ts';
import type { Ms } from '../model/units.ts';
import { objectsOf } from '../plan/workload.ts';
import { helpersNamespace } from '../record/lab/helpers.ts';
import { openLab } from '../record/lab/lab.ts';
import { runArm } from '../record/run-arm.ts';
import { Journal } from '../record/undo/journal.ts';
import { publicJournal } from '../record/undo/public-journal.ts';
import { runFiles } from '../recording/run-folder.ts';
import { sealArm } from '../recording/seal.ts';
import { makeFolders, writeWhole } from '../sys/files/write.ts';
import { writeFindings } from './findings-file.ts';
import { whichHoldfast, whichHost } from './provenance.ts';
import { newRunFolder, pointLatestAt } from './runs.ts';
import { slowStep } from './slow-step.ts';
import { type VerifyCluster, verified } from './verified.ts';

export interface RunOptions {
  readonly experiments: readonly { readonly experiment: Experiment; readonly plan: ExperimentPlan }[];
  readonly cluster: ClusterInfo;
  /** The journal of the cluster. It must have no open action. */
  readonly journal: string;
  readonly verify: VerifyCluster;
  /** The folder of runs. */
  readonly runs: string;
  readonly seed: string;
  readonly settings: { readonly [key: string]: string };
  readonly command: readonly string[];
  readonly deadlineMs: Ms;
  /** Leaves the workload of the last arm in the cluster. */
  readonly keep: boolean;
  readonly progress: Progress;
  /** Ends the recording. All changes are undone. */
  readonly signal: AbortSignal;
  /** Ends the judging. The recording is complete all the same. */
  readonly judging: AbortSignal;
}

export interface PlannedArm {
  readonly experiment: Experiment;
  readonly plan: ExperimentPlan;
  readonly arm: ArmPlan;
}

/** A run in progress. Its arms are recorded one after another, then the run is judged. */
export interface RunSession {
  readonly folder: string;
  readonly arms: readonly PlannedArm[];
  /** Records and judges one arm. Throws if holdfast or the lab failed. */
  record(planned: PlannedArm): Promise<ArmFindings>;
  /** Judges the recording, complete or not, and writes the findings. Rejects if judging was aborted. */
  finish(): Promise<RunFindings>;
}

/**
 * Writes the public form of the journal into the run. A full disk or a damaged journal must not prevent the judging.
 */
function recordJournal(folder: string, journal: string): void {
  try {
    writeWhole(folder, runFiles.journal, publicJournal(journal));
  } catch {
    // The judge does not need it.
  }
}

/** Creates the folder of the run and writes its plan. */
export async function startRun(options: RunOptions): Promise<RunSession> {
  const { experiments, progress, signal, judging } = options;
  const names = experiments.map(({ plan }) => plan.name);
  const { id, folder } = newRunFolder(options.runs, names);
  const plan: RunPlan = {
    schema: 'holdfast.plan/2',
    run: id,
    startedAt: new Date().toISOString(),
    command: options.command,
    seed: options.seed,
    settings: options.settings,
    deadlineMs: options.deadlineMs,
    holdfast: await whichHoldfast(),
    host: whichHost(),
    lab: options.cluster.profile,
    experiments: experiments.map((each) => each.plan),
  };
  writeWhole(folder, runFiles.plan, `${JSON.stringify(plan, null, 2)}\n`);
  pointLatestAt(options.runs, id);
  const journal = new Journal(options.journal);
  const lab = await openLab(options.cluster);
  const arms = experiments.flatMap(({ experiment, plan }) => plan.arms.map((arm) => ({ experiment, plan, arm })));

  return {
    folder,
    arms,
    async record(planned) {
      const { experiment, plan, arm } = planned;
      const path = `${experiment.name}/${arm.name}`;
      makeFolders(folder, path);
      const keep = options.keep && planned === arms.at(-1);
      const running = runArm(arm, {
        lab,
        objects: objectsOf(experiment.workload, arm.workload.changes),
        log: experiment.workload.log,
        id,
        experiment: experimentIdentity(plan),
        folder: join(folder, path),
        evidencePath: `${id}/${path}`,
        keep,
        journal,
        progress,
        signal,
      });
      const kept = keep ? [arm.namespace, helpersNamespace(arm.namespace)] : [];
      await sealedAfter(verified(running, arm, { verify: options.verify, kept }), () => sealArm(folder, path));
      progress.now('judging');
      return judgeArm(folder, { path, signal: judging });
    },
    async finish() {
      recordJournal(folder, options.journal);
      journal.close();
      const findings = await judgeRun(folder, {
        signal: judging,
        around: (title, work) => slowStep(progress, `Judge ${title}`, work),
      });
      writeFindings(folder, findings);
      return findings;
    },
  };
}

/**
 * Seals the recording even if it failed. The error of the recording is thrown in preference to the error of the
 * sealing.
 */
async function sealedAfter(recording: Promise<void>, seal: () => Promise<void>): Promise<void> {
  const broke = await recording.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  await seal().catch((error: unknown) => {
    throw broke ? broke.error : error;
  });
  if (broke) throw broke.error;
}
