import { exitCodes } from '../../model/verdict.ts';
import type { Exercise } from './drill.ts';
import { type RunOptions, runAndAsk } from './holdfast.ts';
import { armInWords, armsOf, endInWords } from './output.ts';

type Options = Omit<RunOptions, 'signal'>;

/** Runs arms, each of which must do what it was expected to, in a run that must end inconclusive. What they came to, in words. */
const allAsExpected = (args: readonly string[], count: number, options: RunOptions): Promise<string> =>
  runAndAsk(args, options, (done) => {
    if (done.exitCode !== exitCodes.inconclusive) throw new Error(endInWords(done));
    const arms = armsOf(done);
    const other = arms.filter(({ verdict }) => verdict !== 'pass');
    if (other.length > 0) throw new Error(`not as expected: ${other.map(armInWords).join('; ')}`);
    if (arms.length !== count) throw new Error(`${arms.length} arms ran instead of ${count}`);
    return arms.map(({ name, measured }) => `${name}: ${measured}`).join('; ');
  });

const times = (count: number, name: string, run: Exercise['run']): Exercise[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${name}/${index + 1}`, run }));

const quietRuns = 20;

/** Runs in which nothing happens: never a fail, and never a pass, since there is nothing to see. */
export const quietExercises = (options: Options): Exercise[] =>
  times(quietRuns, 'no-fault', async (signal) => ({
    saw: await allAsExpected(['no-fault'], 2, { ...options, signal }),
  }));

const knownBadRuns = 10;
const knownBad = ['readiness-only', 'pre-stop-only', 'neither'] as const;

/** The arms of a rolling update that lack a guarantee: each must lose as declared, every time. Without a treatment nothing passes. */
export const knownBadExercises = (options: Options): Exercise[] =>
  times(knownBadRuns, 'known-bad', async (signal) => {
    const args = ['rolling-update', ...knownBad.flatMap((arm) => ['--arm', arm])];
    return { saw: await allAsExpected(args, knownBad.length, { ...options, signal }) };
  });
