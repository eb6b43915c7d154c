import { createHash } from 'node:crypto';
import { type Counts, countsInWords, runMocha, sumOf, testFiles } from '../../mocha/run-mocha.ts';
import { type ExitCode, exitCodes } from '../../model/verdict.ts';
import { whichHoldfast } from '../../run/provenance.ts';
import { withLock } from '../../sys/lock.ts';
import { print } from '../../sys/terminal.ts';
import { fuzzVariables } from '../../testing/fuzz-cases.ts';
import { interruptSignal } from '../common/interrupt.ts';
import { terminalProgress } from '../common/progress.ts';
import { onCleanLab } from '../heal/on-lab.ts';
import type { TestChoices } from './choices.ts';

/** The number of cases for each kind of file: evidence folders, recordings, journals, state files, archives. */
const casesOfEachKind = 400;

/** fast-check's seeds are whole numbers of 32 bits. */
const numberOf = (seed: string): number => createHash('sha256').update(seed).digest().readInt32BE();

/**
 * Tests hostile input: thousands of damaged files, a real recording with every known damage (`real-run.fuzz.test.ts`), then
 * pods and users that attack the real cluster.
 */
export async function testFuzz(choices: TestChoices): Promise<ExitCode> {
  const signal = interruptSignal();
  const seed = choices.seed ?? (await whichHoldfast()).commit.slice(0, 8);
  process.env[fuzzVariables.cases] = String(casesOfEachKind);
  process.env[fuzzVariables.seed] = String(numberOf(seed));
  print(`${casesOfEachKind} cases of each kind of file, seed ${seed}\n`);
  const counts: Counts[] = [await runMocha({ files: testFiles('fuzz'), reporter: 'spec', timeoutMs: 900_000 })];
  signal.throwIfAborted();
  if (!choices.hermetic) {
    const progress = await terminalProgress();
    // Make the cluster ready. Each test file then takes the lock for itself, as a user would.
    await withLock('lab', 'holdfast test --fuzz', () =>
      onCleanLab(choices, { progress, signal }, async () => undefined),
    );
    counts.push(await runMocha({ files: testFiles('hostile'), reporter: 'spec' }));
  }
  const sum = sumOf(counts);
  print(`${countsInWords(sum)}\n`);
  return sum.failed > 0 ? exitCodes.fail : exitCodes.pass;
}
