import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ownCommandWords } from '../../model/own-command.ts';
import type { Progress } from '../../model/progress.ts';
import { planExperiment } from '../../plan/plan.ts';
import { openLab } from '../../record/lab/lab.ts';
import { armFiles } from '../../recording/run-folder.ts';
import { recordAll } from '../../run/record-all.ts';
import { startRun } from '../../run/session.ts';
import { makeMissingFolder, makeNewFolder, removeFolder } from '../../sys/files/write.ts';
import { withLock } from '../../sys/lock.ts';
import type { DrilledArm, PredictedOptions } from '../../testing/drill/predicted/exercises.ts';
import { onCleanLab } from '../heal/on-lab.ts';
import type { TestChoices } from './choices.ts';

const deadlineMs = 3_600_000;

/**
 * Records and judges the one arm of an experiment as `run` does, in a folder below `runs`, while a drill acts on the
 * cluster.
 */
export const recordDrilled =
  (choices: TestChoices, runs: string, progress: Progress): PredictedOptions['record'] =>
  (experiment, action, signal) =>
    withLock('lab', 'holdfast test --predicted', () =>
      onCleanLab(choices, { progress, signal }, async (lab): Promise<DrilledArm> => {
        const seed = 'predicted';
        const plan = planExperiment(experiment, { seed, settings: {}, arms: [], allArms: false });
        const [arm] = plan.arms;
        if (!arm) throw new Error(`${experiment.name} has no arm`);
        makeMissingFolder(runs);
        const name = `drill-${randomBytes(6).toString('hex')}`;
        if (!makeNewFolder(runs, name)) throw new Error(`${join(runs, name)} already exists`);
        // The drill names its own steps.
        const within: Progress = {
          plan() {},
          step: (_title, work) => work(),
          note: (text) => progress.note(text),
          now: (text) => progress.now(text),
        };
        const run = await startRun({
          ...lab,
          experiments: [{ experiment, plan }],
          runs: join(runs, name),
          seed,
          settings: {},
          command: [...ownCommandWords, 'test', '--predicted'],
          deadlineMs,
          keep: false,
          progress: within,
          signal,
          judging: signal,
        });
        const over = new AbortController();
        const acting = settled(
          action({
            lab: await openLab(lab.cluster),
            namespace: arm.namespace,
            events: join(run.folder, experiment.name, arm.name, armFiles.events),
            signal: AbortSignal.any([signal, over.signal]),
          }),
        );
        const broke = await recordAll(run, within);
        over.abort(new Error(`${arm.name} was over before the drill was`));
        const acted = await acting;
        const findings = (await run.finish()).experiments[0]?.arms[0];
        if (broke || acted || !findings) throw broke ?? acted ?? new Error(`${arm.name} was not judged`);
        return { findings, folder: run.folder, forget: () => removeFolder(runs, name) };
      }),
    );

/**
 * The reason why a promise was rejected; undefined if it was not. It is awaited at once, so that no rejection is
 * unhandled.
 */
const settled = (promise: Promise<void>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error ?? new Error('it failed'),
  );
