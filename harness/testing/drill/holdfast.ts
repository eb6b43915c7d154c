import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reason } from '../../model/reason.ts';
import type { Ms } from '../../model/units.ts';
import { poll } from '../../sys/clock.ts';
import { type AttemptOptions, attempt } from '../../sys/exec.ts';
import { makeMissingFolder, makeNewFolder, removeFolder } from '../../sys/files/write.ts';
import { ownModule } from '../../sys/paths.ts';
import { type Done, doneWith, endInWords, errorCodeOf } from './output.ts';

export interface HoldfastOptions extends AttemptOptions {
  readonly cluster: string;
}

export interface RunOptions extends HoldfastOptions {
  /** The folder for recordings. */
  readonly runs: string;
}

const lockLimitMs: Ms = 600_000;
const lockRetryMs: Ms = 1000;

/** Runs holdfast on a lab cluster, as `whenFree` does. */
export const holdfast = (args: readonly string[], { cluster, ...options }: HoldfastOptions): Promise<Done> =>
  whenFree([...args, '--cluster', cluster], options);

/**
 * Runs holdfast with `--json`, in a process group of its own as a user's shell does. Waits until the lab or the context
 * is free.
 */
export const whenFree = (args: readonly string[], options: AttemptOptions): Promise<Done> =>
  poll(
    'the cluster to be free',
    lockLimitMs,
    options.signal,
    async () => {
      const main = fileURLToPath(ownModule('harness/cli/main'));
      const done = doneWith(await attempt(process.execPath, [main, ...args, '--json'], options));
      return errorCodeOf(done) === 'locked' ? { waitingFor: endInWords(done) } : { done };
    },
    lockRetryMs,
  );

/**
 * Runs experiments and passes the result to `ask`. Then it removes their recordings, unless `ask` throws: its error
 * then names the folder.
 */
export async function runAndAsk<Answer>(
  args: readonly string[],
  { runs, ...options }: RunOptions,
  ask: (done: Done) => Answer,
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
    throw new Error(`${reason(error)}; recorded in ${folder}`, { cause: error });
  }
}
