/** An experiment as a suite of any mocha, as the package `holdfast/mocha` exports it. */

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
  /** The lab cluster, which is made if it is not there. */
  readonly cluster?: string;
  /** Where its node image comes from. */
  readonly image?: LabChoices['image'];
  /** The folder that runs are kept in. */
  readonly runs?: string;
}

/** Nothing is ended by it: it is what the run's plan says. */
const deadlineMs = 24 * 3_600_000;

/**
 * Defines a mocha suite of an experiment: a test an arm, which deploys, disturbs, records and judges, and one test of the
 * whole. Inconclusive fails, nothing is retried, and mocha's time-outs are off: each phase has a limit of its own. Packages
 * are never installed: what is missing is said. Throws `UsageError` for an experiment that cannot be run.
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
  // Settled at once where no run began: why is said by the first test.
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
