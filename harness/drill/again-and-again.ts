import { z } from 'zod';
import { type ExitCode, exitCodes } from '../model/verdict.ts';
import type { Exercise } from './drill.ts';
import { type HoldfastOptions, lastWords, runAndForget } from './holdfast.ts';

const report = z.looseObject({
  experiments: z.array(
    z.looseObject({
      arms: z.array(z.looseObject({ name: z.string(), verdict: z.string(), measured: z.string() })),
    }),
  ),
});
type Arm = z.infer<typeof report>['experiments'][number]['arms'][number];

type Options = Omit<HoldfastOptions, 'signal'>;

/** The arms of a run. Throws where it does not end with that exit code. */
async function armsOf(args: readonly string[], wanted: ExitCode, options: HoldfastOptions): Promise<readonly Arm[]> {
  const done = await runAndForget([...args, '--json'], options);
  if (done.exitCode !== wanted) throw new Error(`exit ${done.exitCode ?? done.endedBy}: ${lastWords(done)}`);
  return report.parse(JSON.parse(done.stdout)).experiments.flatMap(({ arms }) => arms);
}

const inWords = (arms: readonly Arm[]): string => arms.map(({ name, measured }) => `${name}: ${measured}`).join('; ');

/** Each arm did what it was expected to. */
function allAsExpected(arms: readonly Arm[], count: number): string {
  const other = arms.filter(({ verdict }) => verdict !== 'pass');
  if (arms.length !== count || other.length > 0) throw new Error(`not as expected: ${inWords(other)}`);
  return inWords(arms);
}

const times = (count: number, name: string, run: Exercise['run']): Exercise[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${name}/${index + 1}`, run }));

const quietRuns = 20;

/** Runs in which nothing happens: never a fail, and never a pass, since there is nothing to see. */
export const quietExercises = (options: Options): Exercise[] =>
  times(quietRuns, 'no-fault', async (signal) => ({
    saw: allAsExpected(await armsOf(['no-fault'], exitCodes.inconclusive, { ...options, signal }), 2),
  }));

const knownBadRuns = 10;
const knownBad = ['readiness-only', 'pre-stop-only', 'neither'] as const;

/** The arms of a rolling update that lack a guarantee: each must lose as declared, every time. Without a treatment nothing passes. */
export const knownBadExercises = (options: Options): Exercise[] =>
  times(knownBadRuns, 'known-bad', async (signal) => {
    const args = ['rolling-update', ...knownBad.flatMap((arm) => ['--arm', arm])];
    return {
      saw: allAsExpected(await armsOf(args, exitCodes.inconclusive, { ...options, signal }), knownBad.length),
    };
  });
