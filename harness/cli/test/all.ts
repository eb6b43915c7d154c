import { availableParallelism } from 'node:os';
import { type Counts, countsInWords, runMocha, sumOf, testFiles } from '../../mocha/run-mocha.ts';
import { type ExitCode, exitCodes } from '../../model/verdict.ts';
import { withLock } from '../../sys/lock.ts';
import { print, printError } from '../../sys/terminal.ts';
import { explain } from '../common/failure.ts';
import { interruptSignal } from '../common/interrupt.ts';
import type { TestChoices } from './choices.ts';
import { testDrawn } from './drills.ts';
import { testOnLab } from './lab.ts';
import { locked, runTools, type Tool } from './tools.ts';

const sourceChecks: readonly Tool[] = [
  { title: 'types', command: locked('tsc', '--noEmit') },
  { title: 'lint', command: locked('biome', 'check', '--error-on-warnings', '.') },
  { title: 'dead code', command: locked('knip') },
];

/**
 * Runs all tests. Exit codes: 0 all passed · 1 a test failed · 3 inconclusive, but only before any fault · 4 the lab failed.
 * The last line is always `N passed, N failed`, with `, N skipped` if the host cannot run a test.
 */
export async function testAll(choices: TestChoices): Promise<ExitCode> {
  const signal = interruptSignal();
  const counts: Counts[] = [
    await runTools(sourceChecks, signal),
    await runMocha({ files: testFiles('hermetic'), reporter: 'dot', jobs: availableParallelism(), signal }),
  ];
  let exitCode: ExitCode = sumOf(counts).failed > 0 ? exitCodes.fail : exitCodes.pass;
  if (!choices.hermetic && exitCode === exitCodes.pass) {
    try {
      const lab = await withLock('lab', 'holdfast test', () => testOnLab(choices, signal));
      counts.push(lab.counts);
      exitCode = lab.exitCode;
      // After the lock is released, because each exercise takes it, and an exercise that is killed must lose it.
      if (exitCode === exitCodes.pass) {
        const drawn = await testDrawn(choices, signal);
        counts.push(drawn);
        if (drawn.failed > 0) exitCode = exitCodes.fail;
      }
    } catch (error) {
      signal.throwIfAborted();
      printError(`${explain(error)}\n`);
      counts.push({ passed: 0, failed: 1, skipped: 0 });
      exitCode = exitCodes.error;
    }
  }
  print(`${countsInWords(sumOf(counts))}\n`);
  return exitCode;
}
