import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { quoted } from '../../reports/words/command.ts';
import type { Progress } from '../model/progress.ts';
import { lookAt } from '../record/foreign/foreign-cluster.ts';
import { assertForeign } from '../record/foreign/undo-on-foreign.ts';
import { untilSettled } from '../record/foreign/workload.ts';
import { healFrom } from '../record/heal.ts';
import { openDeeds } from '../record/journal.ts';
import { connectContext } from '../sys/kube.ts';
import { stateDir } from '../sys/paths.ts';
import type { Healable } from './healable.ts';

/** What is kept of a context. Its name may hold anything, and a folder's may not. */
const keyOf = (context: string): string => createHash('sha256').update(context).digest('hex').slice(0, 16);
const folderOf = (context: string): string => join(stateDir(), 'foreign', keyOf(context));

/** Where what observers saw of the last injection is kept. */
export const eventsFile = (context: string): string => join(folderOf(context), 'events.ndjson');

/** The cluster behind a context of the user's own kubeconfig. */
export const healableContext = (context: string): Healable => ({
  name: `context ${context}`,
  journal: join(folderOf(context), 'journal.ndjson'),
  lock: `context-${keyOf(context)}`,
  flags: ['--context', context],
  healCommand: `./holdfast heal --context ${quoted(context)} --i-know-this-cluster`,
  watchdogLog: join(folderOf(context), 'watchdog.log'),
  heal: (options) => healContext(context, options),
});

/**
 * Undoes what a dead run left in a namespace of a cluster that is not ours, from the journal alone, and waits until the
 * workload is well. Throws with everything that could not be undone, and before anything is sent if the journal holds what
 * holdfast could not have done there. Resolves to the number of deeds that were open.
 */
async function healContext(
  context: string,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<number> {
  const { journal, healCommand } = healableContext(context);
  const open = openDeeds(journal);
  const touched = open.map(({ deed }) => {
    try {
      return assertForeign(deed);
    } catch (error) {
      throw new Error(`${journal}: ${(error as Error).message}. Nothing was sent to the cluster. Check the journal`);
    }
  });
  const [first] = touched;
  if (!first) return 0;
  const { namespace } = first;
  const tell = (words: string) => progress.note(words);
  const cluster = await lookAt(await connectContext(context), { context, namespace, signal, tell });
  const errors = await healFrom(journal, cluster, progress);
  if (errors.length > 0)
    throw new Error(
      `${errors.map(({ message }) => message).join('\n')}\nTry again: ${healCommand}\nJournal: ${journal}`,
    );
  for (const deployment of new Set(touched.map((each) => each.deployment)))
    await progress.step(`Wait until ${deployment} is available`, () => untilSettled(cluster, deployment, signal));
  return open.length;
}
