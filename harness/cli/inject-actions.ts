import { join, relative } from 'node:path';
import { checkInWords } from '../model/checks.ts';
import type { Disruption, Experiment } from '../model/experiment.ts';
import type { ArmFindings } from '../model/finding.ts';
import { printable } from '../model/printable.ts';
import { UsageError } from '../model/usage-error.ts';
import { exitCodes } from '../model/verdict.ts';
import { planExperiment } from '../plan/plan.ts';
import { newSeed } from '../plan/seed.ts';
import { parseSettings } from '../plan/settings.ts';
import { faultNamed } from '../record/fault/catalogue.ts';
import { NotUndone } from '../record/undo/undo.ts';
import { checkHold, checkPossible } from '../run/check-plan.ts';
import { loadWorkload } from '../run/experiments.ts';
import { defaultRunsFolder } from '../run/runs.ts';
import { withLock } from '../sys/lock.ts';
import { print } from '../sys/terminal.ts';
import type { InjectChoices } from './choices.ts';
import { printFailure } from './common/failure.ts';
import { interruptedAfterUndo, interruptSignal } from './common/interrupt.ts';
import { terminalProgress } from './common/progress.ts';
import { show } from './common/show.ts';
import { typedCommand } from './common/typed-command.ts';
import { parseParams } from './fault-params.ts';
import { onCleanLab } from './heal/on-lab.ts';
import { recordOn } from './run-named.ts';

/** Each disruption starts when the previous one is undone. */
function inTurn(names: readonly string[], { params, hold, limit }: InjectChoices): Disruption[] {
  if (params.length > names.length)
    throw new UsageError(`--params is given ${params.length} times, but the number of faults is ${names.length}`);
  const until = hold === undefined ? undefined : { ms: hold };
  const ids = names.map((name, index) => (names.indexOf(name) === index ? name : `${name}-${index + 1}`));
  return names.map((name, index) => {
    const before = ids[index - 1];
    const fault = { name, params: parseParams(name, params[index] ?? '{}') };
    const when = before === undefined ? { atMs: 0 } : { after: before, event: 'healed' as const, delayMs: 0 };
    const disruption = { id: ids[index] ?? name, when, fault, until, limitMs: limit };
    checkHold(disruption, '--hold');
    return disruption;
  });
}

/** An experiment with one arm that has no expectation. */
async function injectionAsExperiment(names: readonly string[], choices: InjectChoices): Promise<Experiment> {
  const does = names.map((name) => faultNamed(name).does).join(', then ');
  return {
    name: 'inject',
    title: `Injection of ${names.join(', then ')}`,
    question: `What happens to the workload when a fault ${does}?`,
    workload: await loadWorkload('specimen'),
    traffic: choices.traffic
      ? { freshPerSecond: 100, keptAlivePerSecond: 60, timeoutMs: 2000, from: 'control-plane' }
      : null,
    phases: choices.traffic
      ? { warmupMs: 5000, baselineMs: 5000, quietMs: 0, tailMs: 5000 }
      : { warmupMs: 0, baselineMs: 0, quietMs: 0, tailMs: 3000 },
    arms: {
      [names.join('-')]: {
        role: 'treatment',
        disruptions: inTurn(names, choices),
        expect: { kind: 'observed' },
      },
    },
  };
}

/** Injects faults into the specimen in the lab. Returns the exit code: 0 if they took effect and were undone. */
export async function injectOnLab(names: readonly string[], choices: InjectChoices): Promise<number> {
  const seed = newSeed();
  const settings = parseSettings(choices.set);
  const experiment = await injectionAsExperiment(names, choices);
  const plan = planExperiment(experiment, { seed, settings, arms: [], allArms: false });
  checkPossible(plan);
  const command = typedCommand();
  const signal = interruptSignal();
  return withLock('lab', command.join(' '), async () => {
    const progress = await terminalProgress();
    return onCleanLab(choices, { progress, signal }, async (lab) => {
      const { folder, findings, broke } = await recordOn(lab, {
        experiments: [{ experiment, plan }],
        runs: choices.runs ?? defaultRunsFolder(),
        seed,
        settings,
        command,
        deadlineMs: 3_600_000,
        keep: false,
        progress,
        signal,
        judging: signal,
      });
      if (signal.aborted) throw broke instanceof NotUndone ? broke : interruptedAfterUndo(signal);
      const [arm] = findings?.experiments[0]?.arms ?? [];
      if (choices.json && findings) show(findings, { json: true, folder, broke });
      else if (arm) print(resultInWords(arm, relative(process.cwd(), folder)));
      if (broke) printFailure(broke, { json: (choices.json ?? false) && !findings });
      return broke ? exitCodes.error : exitCodes[arm?.verdict ?? 'error'];
    });
  });
}

function resultInWords({ name, verdict, measured, findings }: ArmFindings, folder: string): string {
  const doubts = findings.filter((finding) => finding.verdict !== 'pass');
  const landings = findings.filter(({ check }) => check === 'fault-landed');
  return [
    `${name}: ${verdict === 'pass' ? 'took effect and was undone' : verdict}. ${landings.map((each) => each.measured).join('; ')}`,
    measured,
    ...doubts
      .filter((finding) => !landings.includes(finding))
      .map((finding) => `${checkInWords(finding)}: ${finding.measured}`),
    `Report: ${join(folder, 'report.html')}`,
    '',
  ]
    .map(printable)
    .join('\n');
}
