import { clusterReset } from '../../clusters/cluster/reset.ts';
import { clusterUp } from '../../clusters/cluster/up.ts';
import type { Progress } from '../model/progress.ts';
import { planExperiment } from '../plan/plan.ts';
import { newSeed } from '../plan/seed.ts';
import { parseSettings } from '../plan/settings.ts';
import { experimentNames, loadExperiment } from '../run/experiments.ts';
import { defaultRunsFolder } from '../run/runs.ts';
import { type RunSession, startRun } from '../run/session.ts';
import { withLock } from '../sys/lock.ts';
import { explain } from './failure.ts';
import { deadlineSignal, interruptSignal } from './interrupt.ts';
import { terminalProgress } from './progress.ts';
import type { RunChoices } from './run.ts';
import { show, writeReports } from './show.ts';

const commandLine = () => ['./holdfast', ...process.argv.slice(2)];

/** Plans, makes the lab ready, records, judges and shows. Returns the exit code. */
export async function runNamed(names: readonly string[], choices: RunChoices): Promise<number> {
  const seed = choices.seed ?? newSeed();
  const settings = parseSettings(choices.set);
  const experiments = await Promise.all(
    (names.length > 0 ? names : experimentNames()).map(async (name) => {
      const experiment = await loadExperiment(name);
      return { experiment, plan: planExperiment(experiment, { seed, settings, arms: choices.arm }) };
    }),
  );

  const interrupted = interruptSignal();
  const signal = AbortSignal.any([interrupted, deadlineSignal(choices.deadline)]);
  const command = commandLine();
  return withLock('lab', command.join(' '), async () => {
    const progress = await terminalProgress();
    const cluster = await clusterUp({ ...choices, name: choices.cluster, progress, signal });
    await clusterReset(choices.cluster, { progress, signal });

    const run = await startRun({
      experiments,
      cluster,
      runs: choices.runs ?? defaultRunsFolder(),
      seed,
      settings,
      command,
      deadlineMs: choices.deadline,
      keep: choices.keep ?? false,
      progress,
      signal,
    });
    const broke = await recordAll(run, progress);
    const findings = await run.finish();
    await writeReports(run.folder, findings);
    if (interrupted.aborted) throw interrupted.reason;
    show(findings, { json: choices.json ?? false, folder: run.folder });
    if (broke) process.stderr.write(`${explain(broke)}\n`);
    if (choices.keep) process.stderr.write(`KUBECONFIG=${cluster.kubeconfig}\n`);
    return findings.exitCode;
  });
}

/** Records arm after arm. The first that breaks ends the run, and is returned: what was recorded is judged all the same. */
async function recordAll(run: RunSession, progress: Progress): Promise<unknown> {
  progress.plan(run.arms.map(({ experiment, arm }) => `${experiment.name} ${arm.name}`));
  for (const planned of run.arms) {
    const title = `${planned.experiment.name} ${planned.arm.name}`;
    try {
      const { measured } = await progress.step(title, () => run.record(planned));
      progress.note(`  ${measured}`);
    } catch (error) {
      return error;
    }
  }
  return undefined;
}
