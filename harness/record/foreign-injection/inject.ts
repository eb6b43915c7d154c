import { basename, dirname } from 'node:path';
import type { Disruption } from '../../model/experiment.ts';
import type { Owner } from '../../model/owner.ts';
import type { Json } from '../../model/units.ts';
import { makePrivateFolder, removeFile } from '../../sys/files/write.ts';
import { runSchedule } from '../disruptions.ts';
import type { ForeignCluster } from '../foreign/foreign-cluster.ts';
import { observeNamespace } from '../observe/observe.ts';
import { Recorder } from '../observe/recorder.ts';
import { findTarget, type Target } from '../target/find-target.ts';
import { assertSettled, untilSettledAgain } from '../target/settled.ts';
import { ActionLog } from '../undo/action-log.ts';
import { Journal } from '../undo/journal.ts';
import { NotUndone, Undo } from '../undo/undo.ts';
import { journaling } from './journaling.ts';

export interface ForeignInjection {
  readonly cluster: ForeignCluster;
  readonly owner: Owner;
  readonly disruption: Disruption;
  /** The journal of the context. It must have no open action. */
  readonly journal: string;
  /** The command that undoes changes that could not be undone. */
  readonly healCommand: string;
  /** The file for the observed events. An existing file is replaced. */
  readonly events: string;
  /** Called with the plan before the injection. Throws if the injection must not happen. */
  readonly approve: (target: Target, plan: Json) => Promise<void>;
  readonly signal: AbortSignal;
}

/** What observers saw of a fault that took effect, or why it did not take effect. */
export type Outcome = { readonly saw: string } | { readonly reason: string };

/**
 * Injects one fault into a workload in a cluster that holdfast did not create, checks with observers whether it took
 * effect, and always undoes it. Resolves when the workload is available again. Throws `NoTarget` if there is no target.
 */
export async function injectInto(injection: ForeignInjection): Promise<Outcome> {
  const { cluster, owner, disruption, events, signal } = injection;
  const { namespace } = cluster;
  makePrivateFolder(dirname(events));
  removeFile(dirname(events), basename(events));
  await assertSettled(cluster, owner);
  const target = await findTarget(cluster, { owner });
  const recorder = new Recorder(events);
  const journal = new Journal(injection.journal);
  const undo = new Undo();
  const journaled = journaling(cluster, new ActionLog(cluster, journal, undo), signal);
  let broke: unknown;
  try {
    const observers = await observeNamespace(cluster.kube, target, recorder, signal);
    undo.push('stop the observers', 5000, observers.stop);
    const approve = (plan: Json) => injection.approve(target, plan);
    await runSchedule([disruption], { ...journaled, namespace, owner, recorder, signal, approve });
  } catch (error) {
    broke = error;
  }
  const notUndone = await undo.unwind();
  await recorder.close();
  journal.close();
  if (notUndone.length > 0) throw new NotUndone(notUndone, broke, injection.healCommand);
  if (broke) throw broke;
  // The undoing replaces as many pods as the fault.
  await untilSettledAgain(cluster, owner, signal, disruption.limitMs);
  return outcomeOf(recorder, disruption.id);
}

function outcomeOf({ steps }: Recorder, id: string): Outcome {
  const noted = (step: string, what: string) => {
    const value = (steps.get(`${id}/${step}`) as { readonly [key: string]: Json } | undefined)?.[what];
    return value === undefined ? undefined : String(value);
  };
  const saw = noted('landed', 'saw');
  return saw === undefined
    ? { reason: noted('not-landed', 'reason') ?? noted('skipped', 'reason') ?? 'it was not observed' }
    : { saw };
}
