import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ms } from '../../model/units.ts';
import { exitCodes } from '../../model/verdict.ts';
import { until } from '../../sys/clock.ts';
import { type Attempt, type AttemptOptions, attempt } from '../../sys/exec.ts';
import { makeMissingFolder, makeNewFolder, removeFolder } from '../../sys/files/write.ts';
import { ownModule } from '../../sys/paths.ts';

export interface HoldfastOptions extends AttemptOptions {
  readonly cluster: string;
}

export interface RunOptions extends HoldfastOptions {
  /** The folder in which recordings are kept. */
  readonly runs: string;
}

const lockLimitMs: Ms = 600_000;
const lockRetryMs: Ms = 1000;

/** Runs holdfast as a person does, in a process group of its own, on a cluster; once whoever uses the lab is done with it. */
export const holdfast = (args: readonly string[], { cluster, ...options }: HoldfastOptions): Promise<Attempt> =>
  until(
    'the lab to be free',
    lockLimitMs,
    options.signal,
    async () => {
      const main = fileURLToPath(ownModule('harness/cli/main'));
      const done = await attempt(process.execPath, [main, ...args, '--cluster', cluster], options);
      const refused = done.exitCode === exitCodes.error && done.stderr.startsWith('holdfast: lab is in use by');
      return refused ? { waitingFor: lastWords(done) } : { done };
    },
    lockRetryMs,
  );

/**
 * Runs experiments and asks what came of it. Their folder goes afterwards, unless the question throws: its error then
 * says where the recordings are.
 */
export async function runAndAsk<Answer>(
  args: readonly string[],
  { runs, ...options }: RunOptions,
  ask: (done: Attempt) => Answer,
): Promise<Answer> {
  makeMissingFolder(runs);
  const name = `drill-${randomBytes(6).toString('hex')}`;
  if (!makeNewFolder(runs, name)) throw new Error(`${join(runs, name)} already exists`);
  const folder = join(runs, name);
  const forget = () => removeFolder(runs, name);
  try {
    const answer = ask(await holdfast(['run', ...args, '--runs', folder], options));
    forget();
    return answer;
  } catch (error) {
    if (options.signal.aborted) {
      forget();
      throw error;
    }
    throw new Error(`${error instanceof Error ? error.message : error}; recorded in ${folder}`, { cause: error });
  }
}

/** What it said last, for whoever has to find out what went wrong. */
export const lastWords = ({ stdout, stderr }: Attempt): string =>
  [...stdout.trim().split('\n').slice(-3), ...stderr.trim().split('\n').slice(-4)].filter(Boolean).join(' | ');

/** What it said of what came out. */
export const firstWords = ({ stdout }: Attempt): string => stdout.split('\n', 1)[0] ?? '';

/** The fault was not injected, because of a limit of this host that was probed. */
export const wasSkipped = (done: Attempt): boolean =>
  done.exitCode === exitCodes.inconclusive && / skipped: /.test(firstWords(done));
