import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ownCommand } from '../../model/own-command.ts';
import type { Progress } from '../../model/progress.ts';
import { quoted } from '../../model/quoted.ts';
import { openForeignCluster } from '../../record/foreign/foreign-cluster.ts';
import { untilSettledAgain } from '../../record/target/settled.ts';
import { healFrom } from '../../record/undo/heal.ts';
import { openActions } from '../../record/undo/journal.ts';
import { assertForeign } from '../../record/undo/undo-on-foreign.ts';
import { connectContext } from '../../sys/kube.ts';
import { stateDir } from '../../sys/paths.ts';
import { ChangesLeft } from '../common/failure.ts';
import type { Healable } from './healable.ts';

/** The name of the folder of a context. The name of a context may hold characters that a folder's name may not. */
const keyOf = (context: string): string => createHash('sha256').update(context).digest('hex').slice(0, 16);
const folderOf = (context: string): string => join(stateDir(), 'foreign', keyOf(context));

/** The file with the events that were observed during the last injection. */
export const eventsFile = (context: string): string => join(folderOf(context), 'events.ndjson');

/** The cluster behind a context of the user's own kubeconfig. */
export const healableContext = (context: string): Healable => ({
  name: `context ${context}`,
  journal: join(folderOf(context), 'journal.ndjson'),
  lock: `context-${keyOf(context)}`,
  flags: ['--context', context],
  healCommand: `${ownCommand} heal --context ${quoted(context)} --i-know-this-cluster`,
  watchdogLog: join(folderOf(context), 'watchdog.log'),
  heal: (options) => healContext(context, options),
});

/**
 * Undoes the changes of a crashed run in a namespace of another cluster, using only the journal. Then waits until the
 * workload is available. Throws with everything that could not be undone. Throws before it sends anything if the journal
 * holds a change that holdfast cannot have made there. Resolves to the number of changes that were open.
 */
async function healContext(
  context: string,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<number> {
  const { journal, healCommand } = healableContext(context);
  const open = openActions(journal);
  const touched = open.map(({ action }) => {
    try {
      return assertForeign(action);
    } catch (error) {
      throw new Error(`${journal}: ${(error as Error).message}. Nothing was sent to the cluster. Check the journal`);
    }
  });
  const [first] = touched;
  if (!first) return 0;
  const { namespace } = first;
  const tell = (words: string) => progress.note(words);
  const cluster = await openForeignCluster(await connectContext(context), { context, namespace, signal, tell });
  const errors = await healFrom(journal, cluster, progress);
  if (errors.length > 0)
    throw new ChangesLeft(
      `${errors.map(({ message }) => message).join('\n')}\nTry again: ${healCommand}\nJournal: ${journal}`,
    );
  const owners = new Map(touched.map(({ owner }) => [`${owner.kind} ${owner.name}`, owner]));
  for (const [words, owner] of owners)
    await progress.step(`Wait until ${words} is available`, () => untilSettledAgain(cluster, owner, signal));
  return open.length;
}
