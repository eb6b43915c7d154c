import { basename, dirname } from 'node:path';
import type { Disruption } from '../model/experiment.ts';
import { printable } from '../model/printable.ts';
import { UsageError } from '../model/usage-error.ts';
import { exitCodes } from '../model/verdict.ts';
import { confinedFault } from '../record/cluster.ts';
import { NoTarget } from '../record/fault/fault.ts';
import { lookAt } from '../record/foreign/foreign-cluster.ts';
import { injectInto, type Outcome } from '../record/foreign/inject.ts';
import { NotPutBack } from '../record/undo/undo.ts';
import { isFile } from '../sys/files/read.ts';
import { connectContext } from '../sys/kube.ts';
import { withLock } from '../sys/lock.ts';
import { print } from '../sys/terminal.ts';
import { approve } from './approve.ts';
import { parseParams } from './fault-params.ts';
import { foreignPlanText } from './foreign-plan.ts';
import type { ForeignTarget } from './foreign-target.ts';
import { eventsFile, healableContext } from './heal/context.ts';
import { refuseDirty } from './heal/healable.ts';
import { startWatchdog } from './heal/watch-over.ts';
import type { InjectChoices } from './inject.ts';
import { interruptedAfterUndo, interruptSignal } from './interrupt.ts';
import { terminalProgress } from './progress.ts';

/**
 * Injects a fault into a workload in another cluster, after the user has seen and confirmed the plan. Returns the exit code:
 * 0 if it took effect and was undone.
 */
export async function injectByContext(
  faults: readonly string[],
  target: ForeignTarget,
  choices: InjectChoices,
): Promise<number> {
  const [name = '', ...more] = faults;
  const [params = '{}', ...moreParams] = choices.params;
  if (more.length > 0 || moreParams.length > 0)
    throw new UsageError('with --context, name one fault and give --params at most once');
  const { context, namespace, deployment } = target;
  confinedFault(name);
  const disruption: Disruption = {
    id: name,
    when: { atMs: 0 },
    fault: { name, params: parseParams(name, params) },
    until: choices.hold === undefined ? undefined : { ms: choices.hold },
    limitMs: choices.limit,
  };
  const healable = healableContext(context);
  const signal = interruptSignal();
  return withLock(healable.lock, ['./holdfast', ...process.argv.slice(2)].join(' '), async () => {
    refuseDirty(healable);
    const progress = await terminalProgress();
    const kube = await connectContext(context);
    const cluster = await lookAt(kube, { context, namespace, signal, tell: (words) => progress.note(words) });
    const watchdog = startWatchdog(healable);
    try {
      const outcome = await injectInto({
        cluster,
        deployment,
        disruption,
        journal: healable.journal,
        healCommand: healable.healCommand,
        events: eventsFile(context),
        signal,
        async approve(workload, plan) {
          const { identity } = cluster;
          print(foreignPlanText({ identity, namespace, deployment, workload, disruption, plan }));
          await approve('Inject this fault?', { yes: choices.yes ?? false, signal });
          progress.note(`Injecting ${name}. It is undone afterwards.`);
        },
      }).catch((error: unknown): Outcome => {
        if (error instanceof NoTarget) return { reason: error.message };
        throw signal.aborted && !(error instanceof NotPutBack) ? interruptedAfterUndo(signal) : error;
      });
      const landed = 'saw' in outcome;
      const words = printable(
        landed ? `took effect and was undone. ${outcome.saw}` : `did not take effect. ${outcome.reason}`,
      );
      const events = eventsFile(context);
      const seen = isFile(dirname(events), basename(events)) ? `Observed events: ${events}\n` : '';
      print(`${name}: ${words}\n${seen}`);
      return landed ? exitCodes.pass : exitCodes.inconclusive;
    } finally {
      await watchdog.dismiss();
    }
  });
}
