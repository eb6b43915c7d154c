import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judgeArm, judgeRun } from '../judge/judge.ts';
import type { Claim } from '../model/claim.ts';
import type { ClusterInfo } from '../model/cluster.ts';
import type { Experiment } from '../model/experiment.ts';
import type { ArmFindings, RunFindings } from '../model/finding.ts';
import type { ArmPlan, ExperimentPlan, RunPlan } from '../model/plan.ts';
import type { Progress } from '../model/progress.ts';
import type { Ms } from '../model/units.ts';
import { Journal } from '../record/journal.ts';
import { openLab } from '../record/lab.ts';
import { publicJournal } from '../record/public-journal.ts';
import { runArm } from '../record/run-arm.ts';
import { sealArm } from '../recording/seal.ts';
import { writeWhole } from '../sys/files/write.ts';
import { whichHoldfast, whichHost } from './provenance.ts';
import { newRunFolder, pointLatestAt } from './runs.ts';
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
  readonly signal: AbortSignal;
}

export interface PlannedArm {
  readonly experiment: Experiment;
  readonly arm: ArmPlan;
  /** What its experiment's treatments are repeated for. */
  readonly claim?: Claim | undefined;
}

/** A run in progress: its arms are recorded one by one, in order, then all of it is judged. */
export interface RunSession {
  readonly folder: string;
  readonly arms: readonly PlannedArm[];
  /** Records one arm and judges it at once. Throws when the harness or the lab broke. */
  record(planned: PlannedArm): Promise<ArmFindings>;
  /** Judges what was recorded, whole or not. */
  finish(): Promise<RunFindings>;
}

/** What was done to the world. A disk that is full, or a damaged journal, must not keep what was recorded from being judged. */
function recordJournal(folder: string, journal: string): void {
  try {
    writeWhole(folder, 'journal.ndjson', publicJournal(journal));
  } catch {
    // The judge does not ask for it.
  }
}

/** Makes the run's folder and writes down what will happen. */
export async function startRun(options: RunOptions): Promise<RunSession> {
  const { experiments, progress, signal } = options;
  const names = experiments.map(({ plan }) => plan.name);
  const { id, folder } = await newRunFolder(options.runs, names);
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
  await writeFile(join(folder, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`);
  await pointLatestAt(options.runs, id);
  const journal = new Journal(options.journal);
  const lab = await openLab(options.cluster);
  const arms = experiments.flatMap(({ experiment, plan }) =>
    plan.arms.map((arm) => ({ experiment, arm, claim: plan.until })),
  );

  return {
    folder,
    arms,
    async record(planned) {
      const { experiment, arm } = planned;
      const armFolder = join(folder, experiment.name, arm.name);
      await mkdir(armFolder, { recursive: true });
      const keep = options.keep && planned === arms.at(-1);
      try {
        const running = runArm(arm, {
          lab,
          workload: experiment.workload,
          id,
          folder: armFolder,
          evidencePath: `${id}/${experiment.name}/${arm.name}`,
          keep,
          journal,
          progress,
          signal,
        });
        await verified(running, arm, { verify: options.verify, kept: keep ? arm.namespace : undefined });
      } finally {
        await sealArm(armFolder);
      }
      return judgeArm(armFolder);
    },
    async finish() {
      recordJournal(folder, options.journal);
      journal.close();
      const findings = await judgeRun(folder);
      await writeFile(join(folder, 'findings.json'), `${JSON.stringify(findings)}\n`);
      return findings;
    },
  };
}
