import { join } from 'node:path';
import { judgeArm, judgeRun } from '../judge/judge.ts';
import type { ClusterInfo } from '../model/cluster.ts';
import type { Experiment } from '../model/experiment.ts';
import { experimentIdentity } from '../model/experiment-identity.ts';
import type { ArmFindings, RunFindings } from '../model/finding.ts';
import type { ArmPlan, ExperimentPlan, RunPlan } from '../model/plan.ts';
import type { Progress } from '../model/progress.ts';
import type { Ms } from '../model/units.ts';
import { Journal } from '../record/journal.ts';
import { openLab } from '../record/lab.ts';
import { publicJournal } from '../record/public-journal.ts';
import { runArm } from '../record/run-arm.ts';
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
  /** The cluster's write-ahead journal; it must hold nothing open. */
  readonly journal: string;
  readonly verify: VerifyCluster;
  /** The folder that runs are kept in. */
  readonly runs: string;
  readonly seed: string;
  readonly settings: { readonly [key: string]: string };
  readonly command: readonly string[];
  readonly deadlineMs: Ms;
  /** Leaves the last arm's workload in the cluster. */
  readonly keep: boolean;
  readonly progress: Progress;
  /** Ends the recording: everything is put back. */
  readonly signal: AbortSignal;
  /** Ends the judging; what was recorded is whole all the same. */
  readonly judging: AbortSignal;
}

export interface PlannedArm {
  readonly experiment: Experiment;
  readonly plan: ExperimentPlan;
  readonly arm: ArmPlan;
}

/** A run in progress: its arms are recorded one by one, in order, then all of it is judged. */
export interface RunSession {
  readonly folder: string;
  readonly arms: readonly PlannedArm[];
  /** Records one arm and judges it at once. Throws when the harness or the lab broke. */
  record(planned: PlannedArm): Promise<ArmFindings>;
  /** Judges what was recorded, whole or not, and keeps the findings. Rejects once judging is to end. */
  finish(): Promise<RunFindings>;
}

/** What was done to the world. A disk that is full, or a damaged journal, must not keep what was recorded from being judged. */
function recordJournal(folder: string, journal: string): void {
  try {
    writeWhole(folder, runFiles.journal, publicJournal(journal));
  } catch {
    // The judge does not ask for it.
  }
}

/** Makes the run's folder and writes down what will happen. */
export async function startRun(options: RunOptions): Promise<RunSession> {
  const { experiments, progress, signal, judging } = options;
  const names = experiments.map(({ plan }) => plan.name);
  const { id, folder } = newRunFolder(options.runs, names);
  const plan: RunPlan = {
    schema: 'holdfast.plan/1',
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
        workload: experiment.workload,
        id,
        experiment: experimentIdentity(plan),
        folder: join(folder, path),
        evidencePath: `${id}/${path}`,
        keep,
        journal,
        progress,
        signal,
      });
      const kept = keep ? arm.namespace : undefined;
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

/** Seals what was recorded, however that ended. Why the recording broke says more than why it could not be sealed. */
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
