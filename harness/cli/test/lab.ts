import { goEnv } from '../../../clusters/node-image/go-build.ts';
import { experimentSuite } from '../../mocha/experiment-suite.ts';
import { type Counts, runMocha, sumOf, testFiles } from '../../mocha/run-mocha.ts';
import { ownCommandWords } from '../../model/own-command.ts';
import type { Progress } from '../../model/progress.ts';
import { type ExitCode, exitCodes } from '../../model/verdict.ts';
import { planExperiment } from '../../plan/plan.ts';
import { newSeed } from '../../plan/seed.ts';
import { loadExperiment } from '../../run/experiments.ts';
import { testExitCode } from '../../run/repeatable.ts';
import { defaultRunsFolder } from '../../run/runs.ts';
import { startRun } from '../../run/session.ts';
import { terminalProgress } from '../common/progress.ts';
import { writeReports } from '../common/show.ts';
import { type CleanLab, onCleanLab } from '../heal/on-lab.ts';
import type { TestChoices } from './choices.ts';
import { runTools, type Tool } from './tools.ts';

interface Tested {
  readonly counts: Counts;
  readonly exitCode: ExitCode;
}

/** Runs after the lab is made, so that the sources of k6 are already in the cache. */
const extensionTests: Tool = {
  title: 'tests of the k6 extension',
  command: ['go', 'test', './...'],
  cwd: 'harness/record/traffic/k6',
  env: goEnv(),
};

/** What needs a lab: the k6 extension, the rolling update as a mocha suite, then the lab itself. */
export async function testOnLab(choices: TestChoices, signal: AbortSignal): Promise<Tested> {
  const progress = await terminalProgress();
  const { extension, experiment } = await onCleanLab(choices, { progress, signal }, async (lab) => ({
    extension: await runTools([extensionTests], signal),
    experiment: await testExperiment(choices, { ...lab, progress, signal }),
  }));
  signal.throwIfAborted();
  if (extension.failed > 0 || experiment.exitCode !== exitCodes.pass) {
    const exitCode = extension.failed > 0 ? exitCodes.fail : experiment.exitCode;
    return { counts: sumOf([extension, experiment.counts]), exitCode };
  }
  const lab = await runMocha({ files: testFiles('lab'), reporter: 'spec', maySkip: true });
  return {
    counts: sumOf([extension, experiment.counts, lab]),
    exitCode: lab.failed > 0 ? exitCodes.fail : exitCodes.pass,
  };
}

async function testExperiment(
  choices: TestChoices,
  run: { readonly progress: Progress; readonly signal: AbortSignal } & CleanLab,
): Promise<Tested> {
  const seed = choices.seed ?? newSeed();
  const experiment = await loadExperiment('rolling-update');
  const plan = planExperiment(experiment, { seed, settings: {}, arms: [], allArms: false });
  const begin = () =>
    startRun({
      ...run,
      judging: run.signal,
      experiments: [{ experiment, plan }],
      runs: choices.runs ?? defaultRunsFolder(),
      seed,
      settings: {},
      command: [...ownCommandWords, 'run', experiment.name, '--seed', seed],
      deadlineMs: 3_600_000,
      keep: false,
    });
  // If a run has no findings, it failed.
  let exitCode: ExitCode = exitCodes.error;
  const counts = await runMocha({
    reporter: 'spec',
    define: () =>
      experimentSuite(plan, begin, {
        onFinish: async (findings, folder) => {
          writeReports(folder, findings);
          exitCode = testExitCode(findings);
        },
      }),
  });
  return { counts, exitCode };
}
