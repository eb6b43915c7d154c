import { z } from 'zod';
import { checkKey } from '../../model/checks.ts';
import { exitCodes } from '../../model/verdict.ts';
import type { Exercise } from './drill.ts';
import { lastWords, type RunOptions, runAndAsk } from './holdfast.ts';

const finding = z.looseObject({
  verdict: z.string(),
  check: z.string(),
  of: z.string().optional(),
  measured: z.string(),
});
const report = z.looseObject({
  experiments: z.array(
    z.looseObject({
      arms: z.array(
        z.looseObject({ name: z.string(), verdict: z.string(), measured: z.string(), findings: z.array(finding) }),
      ),
    }),
  ),
});
type Arm = z.infer<typeof report>['experiments'][number]['arms'][number];

type Options = Omit<RunOptions, 'signal'>;

/** Runs arms, each of which must do what it was expected to, in a run that must end inconclusive. What they came to, in words. */
const allAsExpected = (args: readonly string[], count: number, options: RunOptions): Promise<string> =>
  runAndAsk([...args, '--json'], options, (done) => {
    if (done.exitCode !== exitCodes.inconclusive)
      throw new Error(`exit ${done.exitCode ?? done.endedBy}: ${lastWords(done)}`);
    const arms = report.parse(JSON.parse(done.stdout)).experiments.flatMap((experiment) => experiment.arms);
    const other = arms.filter(({ verdict }) => verdict !== 'pass');
    if (other.length > 0) throw new Error(`not as expected: ${other.map(whyInWords).join('; ')}`);
    if (arms.length !== count) throw new Error(`${arms.length} arms ran instead of ${count}`);
    return arms.map(({ name, measured }) => `${name}: ${measured}`).join('; ');
  });

function whyInWords({ name, measured, findings }: Arm): string {
  const why = findings.filter(({ verdict }) => verdict !== 'pass').map((each) => `${checkKey(each)}: ${each.measured}`);
  return `${name}: ${[measured, ...why].join(', ')}`;
}

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
