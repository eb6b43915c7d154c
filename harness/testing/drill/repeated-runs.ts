import { exitCodes } from '../../model/verdict.ts';
import type { Exercise } from './drill.ts';
import { type RunOptions, runAndAsk } from './holdfast.ts';
import { armInWords, armsOf, endInWords } from './output.ts';

type Options = Omit<RunOptions, 'signal'>;

/** Runs arms that must all pass, in a run that must be inconclusive. Resolves to a summary of the arms. */
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

/** Runs without any fault. They must never fail, and never pass, because they prove nothing. */
export const quietExercises = (options: Options): Exercise[] =>
  times(quietRuns, 'no-fault', async (signal) => ({
    saw: await allAsExpected(['no-fault'], 2, { ...options, signal }),
  }));

const knownBadRuns = 10;
const knownBad = ['readiness-only', 'pre-stop-only', 'neither'] as const;

/**
 * The arms of a rolling update that lack a guarantee. Each must lose requests as expected, every time. Without a
 * treatment arm the run cannot pass.
 */
export const knownBadExercises = (options: Options): Exercise[] =>
  times(knownBadRuns, 'known-bad', async (signal) => {
    const args = ['rolling-update', ...knownBad.flatMap((arm) => ['--arm', arm])];
    return { saw: await allAsExpected(args, knownBad.length, { ...options, signal }) };
  });
