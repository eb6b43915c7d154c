import { join } from 'node:path';
import { existingCluster } from '../../../clusters/cluster/existing.ts';
import { journalFile } from '../../../clusters/cluster/state.ts';
import { endEngine } from '../../../clusters/engine/engine.ts';
import { countsInWords, sumOf } from '../../mocha/run-mocha.ts';
import type { Progress } from '../../model/progress.ts';
import { type ExitCode, exitCodes } from '../../model/verdict.ts';
import { newSeed, shuffled } from '../../plan/seed.ts';
import { openLab } from '../../record/lab/lab.ts';
import { chooseExperiments, loadWorkload } from '../../run/experiments.ts';
import { whichHoldfast } from '../../run/provenance.ts';
import { defaultRunsFolder } from '../../run/runs.ts';
import { print } from '../../sys/terminal.ts';
import { drill, type Exercise } from '../../testing/drill/drill.ts';
import { faultExercises } from '../../testing/drill/faults.ts';
import { flipExercises, flipsOf } from '../../testing/drill/flips.ts';
import { foreignExercises } from '../../testing/drill/foreign/exercises.ts';
import { interruptionExercises } from '../../testing/drill/interruptions.ts';
import { killExercises } from '../../testing/drill/kills.ts';
import { predictedExercises } from '../../testing/drill/predicted/exercises.ts';
import { knownBadExercises, quietExercises } from '../../testing/drill/repeated-runs.ts';
import { type DrillCounts, seedOf } from '../../testing/drill/results.ts';
import { timerExercises } from '../../testing/drill/timers.ts';
import { interruptSignal } from '../common/interrupt.ts';
import { terminalProgress } from '../common/progress.ts';
import { healableCluster } from '../heal/cluster.ts';
import { watchdogHealed } from '../heal/watch-over.ts';
import { drillNames, type TestChoices } from './choices.ts';
import { onDrilledLab } from './on-drilled-lab.ts';
import { recordDrilled } from './record-drilled.ts';

interface Drill {
  readonly name: string;
  exercises(seed: string): readonly Exercise[] | Promise<readonly Exercise[]>;
}

const runsOf = ({ runs }: TestChoices): string => runs ?? defaultRunsFolder();

const drillsOf = (choices: TestChoices, runs: string, progress: Progress) => {
  const { cluster } = choices;
  return {
    faults: {
      name: 'faults',
      exercises: () => [
        ...faultExercises({ cluster }),
        ...foreignExercises({ onLab: onDrilledLab(choices, progress), runs }),
      ],
    },
    kill: {
      name: 'kill',
      exercises: (seed: string) => {
        const options = {
          cluster,
          journal: journalFile(cluster),
          watchdogHealed: (since: Date) => watchdogHealed(healableCluster(cluster), since),
          lab: () => openLab(existingCluster(cluster)),
          endEngine,
        };
        return [...killExercises(seed, options), ...interruptionExercises(options), ...timerExercises(options)];
      },
    },
    flips: {
      name: 'flips',
      exercises: async () => flipExercises((await chooseExperiments([])).flatMap(flipsOf), { cluster, runs }),
    },
    quiet: { name: 'quiet', exercises: () => quietExercises({ cluster, runs }) },
    knownBad: { name: 'known-bad', exercises: () => knownBadExercises({ cluster, runs }) },
    predicted: {
      name: 'predicted',
      exercises: () =>
        predictedExercises({
          workload: () => loadWorkload('specimen'),
          record: recordDrilled(choices, runs, progress),
        }),
    },
  };
};

/** Runs the requested drills completely. Each continues where it was interrupted, unless the code has changed since. */
export async function testByDrill(choices: TestChoices): Promise<ExitCode> {
  const signal = interruptSignal();
  const progress = await terminalProgress();
  const drills = drillsOf(choices, runsOf(choices), progress);
  const counts: DrillCounts[] = [];
  for (const key of drillNames) {
    if (choices[key]) counts.push(await run(drills[key], choices, progress, signal));
  }
  const sum = sumOf(counts);
  print(`${countsInWords(sum)}\n`);
  return sum.failed > 0 ? exitCodes.fail : exitCodes.pass;
}

async function run(which: Drill, choices: TestChoices, progress: Progress, signal: AbortSignal): Promise<DrillCounts> {
  const { commit, dirty } = await whichHoldfast();
  const file = join(runsOf(choices), `drill-${which.name}.ndjson`);
  const seed = choices.seed ?? seedOf(file, commit) ?? newSeed();
  const exercises = await which.exercises(seed);
  progress.note(`${exercises.length} exercises, seed ${seed}, results in ${file}`);
  return drill(exercises, { file, seed, commit, resume: !dirty, progress, signal });
}

const drawnFaults = 3;
const drawnKills = 6;

/** Runs a few exercises of each drill. The commit selects them unless a seed is given. */
export async function testDrawn(choices: TestChoices, signal: AbortSignal): Promise<DrillCounts> {
  const progress = await terminalProgress();
  const { faults, kill } = drillsOf(choices, runsOf(choices), progress);
  const { commit } = await whichHoldfast();
  const seed = choices.seed ?? commit.slice(0, 8);
  const draw = (all: readonly Exercise[], count: number): Exercise[] => {
    const ids = all.map(({ id }) => id);
    const drawn = new Set(shuffled(seed, 'drawn', ids).slice(0, count));
    return all.filter(({ id }) => drawn.has(id));
  };
  const drawn = [...draw(faults.exercises(), drawnFaults), ...draw(kill.exercises(seed), drawnKills)];
  progress.note(`${drawnFaults} faults and ${drawnKills} kills, drawn by seed ${seed}`);
  const file = join(runsOf(choices), `drill-drawn-${seed}.ndjson`);
  return drill(drawn, { file, seed, commit, resume: false, progress, signal });
}
