/** Runs an experiment as a mocha suite. The package exports it as `holdfast/mocha`. */

import { defaultClusterName } from '../clusters/cluster/state.ts';
import { interruptSignal } from './cli/common/interrupt.ts';
import { type LabChoices, labDefaults } from './cli/common/options.ts';
import { terminalProgress } from './cli/common/progress.ts';
import { writeReports } from './cli/common/show.ts';
import { onCleanLab } from './cli/heal/on-lab.ts';
import { experimentSuite } from './mocha/experiment-suite.ts';
import type { Experiment } from './model/experiment.ts';
import { planExperiment } from './plan/plan.ts';
import { newSeed } from './plan/seed.ts';
import { checkPlan } from './run/check-plan.ts';
import { defaultRunsFolder } from './run/runs.ts';
import { type RunSession, startRun } from './run/session.ts';
import { withLock } from './sys/lock.ts';

export interface SuiteChoices {
  /** The lab cluster. It is created if it does not exist. */
  readonly cluster?: string;
  /** The source of its node image. */
  readonly image?: LabChoices['image'];
  /** The folder for recorded runs. */
  readonly runs?: string;
}

/** Recorded in the run’s plan. Nothing is aborted by it, because mocha controls the run. */
const deadlineMs = 24 * 3_600_000;

/**
 * Defines a mocha suite for an experiment: one test per arm, which deploys, disturbs, records and judges, and one test
 * for the whole experiment. An inconclusive result fails, nothing is retried, and mocha’s timeouts are off because each
 * phase has its own limit. Packages are never installed; an error names the missing ones. Throws `UsageError` for an
 * experiment that cannot run.
 */
export function suite(experiment: Experiment, choices: SuiteChoices = {}): void {
  const seed = newSeed();
  const plan = planExperiment(experiment, { seed, settings: {}, arms: [], allArms: false });
  checkPlan(plan);
  const lab = {
    ...labDefaults,
    install: false,
    cluster: choices.cluster ?? defaultClusterName,
    ...(choices.image && { image: choices.image }),
    ...(experiment.nodeTimings && { nodeTimings: experiment.nodeTimings }),
  };
  let end = () => {};
  // Resolved from the start in case no run begins. The first test then says why.
  let over: Promise<void> = Promise.resolve();

  const begin = () =>
    new Promise<RunSession>((resolve, reject) => {
      const ended = new Promise<void>((done) => {
        end = done;
      });
      const signal = interruptSignal();
      const giving = withLock('lab', 'holdfast/mocha', async () => {
        const progress = await terminalProgress();
        await onCleanLab(lab, { progress, signal }, async (clean) => {
          const run = await startRun({
            ...clean,
            experiments: [{ experiment, plan }],
            runs: choices.runs ?? defaultRunsFolder(),
            seed,
            settings: {},
            command: ['mocha'],
            deadlineMs,
            keep: false,
            progress,
            signal,
            judging: signal,
          });
          over = giving;
          resolve(run);
          await ended;
        });
      });
      giving.catch(reject);
    });

  experimentSuite(plan, begin, {
    onFinish: async (findings, folder) => writeReports(folder, findings),
    onEnd: async () => {
      end();
      await over;
    },
  });
}
