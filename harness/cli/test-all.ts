import { join } from 'node:path';
import { clusterReset } from '../../clusters/cluster/reset.ts';
import { clusterUp } from '../../clusters/cluster/up.ts';
import { goEnv } from '../../clusters/node-image/go-build.ts';
import { experimentSuite } from '../mocha/experiment-suite.ts';
import { type Counts, runMocha, unitTests } from '../mocha/run-mocha.ts';
import { type ExitCode, exitCodes } from '../model/verdict.ts';
import { planExperiment } from '../plan/plan.ts';
import { newSeed } from '../plan/seed.ts';
import { loadExperiment } from '../run/experiments.ts';
import { testExitCode } from '../run/repeatable.ts';
import { defaultRunsFolder } from '../run/runs.ts';
import { startRun } from '../run/session.ts';
import { exec } from '../sys/exec.ts';
import { takeLock } from '../sys/lock.ts';
import { checkoutDir } from '../sys/paths.ts';
import { explain } from './failure.ts';
import { interruptSignal } from './interrupt.ts';
import { terminalProgress } from './progress.ts';
import { writeReports } from './show.ts';
import type { TestChoices } from './test.ts';

interface Tool {
  readonly title: string;
  readonly command: readonly [string, ...string[]];
  /** Below the checkout. */
  readonly cwd?: string;
  readonly env?: { readonly [name: string]: string };
}

const sourceChecks: readonly Tool[] = [
  { title: 'types', command: ['tsc', '--noEmit'] },
  { title: 'lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { title: 'dead code', command: ['knip'] },
];

/** After the lab is made, so that what k6 is built from is there already. */
const goTests: Tool = {
  title: 'tests of the k6 extension',
  command: ['go', 'test', './...'],
  cwd: 'harness/record/traffic/k6',
  env: goEnv(),
};

/** Each tool counts as one test. */
async function runTools(tools: readonly Tool[], signal: AbortSignal): Promise<Counts> {
  let passed = 0;
  for (const { title, command, cwd = '', env = {} } of tools) {
    const [file, ...args] = command;
    try {
      await exec(file, args, { cwd: join(checkoutDir(), cwd), env, signal, inherit: true });
      process.stdout.write(`✔ ${title}\n`);
      passed++;
    } catch (error) {
      signal.throwIfAborted();
      process.stdout.write(`✘ ${title}\n${explain(error)}\n`);
    }
  }
  return { passed, failed: tools.length - passed };
}

/**
 * Runs everything. Exit codes: 0 all passed · 1 something failed · 3 only doubts that arose before a fault · 4 the lab
 * broke. The last line is always `N passed, N failed`.
 */
export async function testAll(choices: TestChoices): Promise<ExitCode> {
  const signal = interruptSignal();
  const source = await runTools(sourceChecks, signal);
  const units = await runMocha({ files: unitTests() });
  let passed = source.passed + units.passed;
  let failed = source.failed + units.failed;
  let exitCode: ExitCode = failed > 0 ? exitCodes.fail : exitCodes.pass;
  try {
    if (!choices.hermetic && failed === 0) {
      const lab = await testOnCluster(choices, signal);
      passed += lab.counts.passed;
      failed += lab.counts.failed;
      exitCode =
        lab.counts.failed === 0 ? exitCodes.pass : lab.exitCode === exitCodes.pass ? exitCodes.fail : lab.exitCode;
    }
  } catch (error) {
    signal.throwIfAborted();
    process.stderr.write(`${explain(error)}\n`);
    failed++;
    exitCode = exitCodes.error;
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return exitCode;
}

async function testOnCluster(
  choices: TestChoices,
  signal: AbortSignal,
): Promise<{ readonly counts: Counts; readonly exitCode: ExitCode }> {
  await using _lock = await takeLock('lab', 'holdfast test');
  const progress = await terminalProgress();
  const cluster = await clusterUp({ ...choices, name: choices.cluster, progress, signal });
  await clusterReset(choices.cluster, { progress, signal });
  const seed = choices.seed ?? newSeed();
  const experiment = await loadExperiment('rolling-update');
  const plan = planExperiment(experiment, { seed, settings: {}, arms: [] });
  let exitCode: ExitCode = exitCodes.error;
  const extension = await runTools([goTests], signal);
  const counts = await runMocha({
    define: () =>
      experimentSuite(
        plan,
        () =>
          startRun({
            experiments: [{ experiment, plan }],
            cluster,
            runs: choices.runs ?? defaultRunsFolder(),
            seed,
            settings: {},
            command: ['./holdfast', 'test', '--seed', seed],
            deadlineMs: 0,
            keep: false,
            progress,
            signal,
          }),
        async (findings, folder) => {
          await writeReports(folder, findings);
          exitCode = testExitCode(findings);
        },
      ),
  });
  signal.throwIfAborted();
  if (extension.failed > 0) exitCode = exitCodes.fail;
  return {
    counts: { passed: counts.passed + extension.passed, failed: counts.failed + extension.failed },
    exitCode,
  };
}
