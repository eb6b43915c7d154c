import type { Progress } from '../../model/progress.ts';
import { openLab } from '../../record/lab/lab.ts';
import { withLock } from '../../sys/lock.ts';
import type { ForeignOptions } from '../../testing/drill/foreign/exercises.ts';
import { onCleanLab } from '../heal/on-lab.ts';
import type { TestChoices } from './choices.ts';

/** Does the work of an exercise on the clean lab, and keeps other commands away until it is done. */
export const onDrilledLab =
  (choices: TestChoices, progress: Progress): ForeignOptions['onLab'] =>
  (work, signal) =>
    withLock('lab', 'holdfast test --faults', () =>
      onCleanLab(choices, { progress, signal }, async ({ cluster }) => work(await openLab(cluster))),
    );
