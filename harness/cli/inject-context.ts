import { basename, dirname } from 'node:path';
import type { Disruption } from '../model/experiment.ts';
import { printable } from '../model/printable.ts';
import { UsageError } from '../model/usage-error.ts';
import { exitCodes } from '../model/verdict.ts';
import { confinedFault } from '../record/fault/cluster.ts';
import { NoTarget } from '../record/fault/fault.ts';
import { openForeignCluster } from '../record/foreign/foreign-cluster.ts';
import { injectInto, type Outcome } from '../record/foreign-injection/inject.ts';
import { NotUndone } from '../record/undo/undo.ts';
import { isFile } from '../sys/files/read.ts';
import { connectContext } from '../sys/kube.ts';
import { withLock } from '../sys/lock.ts';
import { print, printError } from '../sys/terminal.ts';
import { approve } from './approve.ts';
import type { InjectChoices } from './choices.ts';
import { interruptedAfterUndo, interruptSignal } from './common/interrupt.ts';
import { printJson } from './common/print-json.ts';
import { terminalProgress } from './common/progress.ts';
import { typedCommand } from './common/typed-command.ts';
import { parseParams } from './fault-params.ts';
import { foreignPlanText } from './foreign-plan.ts';
import type { ForeignTarget } from './foreign-target.ts';
import { eventsFile, healableContext } from './heal/context.ts';
import { refuseDirty } from './heal/healable.ts';
import { startWatchdog } from './heal/watch-over.ts';

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
  const { context, namespace, owner } = target;
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
  return withLock(healable.lock, typedCommand().join(' '), async () => {
    refuseDirty(healable);
    const progress = await terminalProgress();
    const kube = await connectContext(context);
    const cluster = await openForeignCluster(kube, {
      context,
      namespace,
      signal,
      tell: (words) => progress.note(words),
    });
    const watchdog = startWatchdog(healable);
    try {
      const outcome = await injectInto({
        cluster,
        owner,
        disruption,
        journal: healable.journal,
        healCommand: healable.healCommand,
        events: eventsFile(context),
        signal,
        async approve(found, plan) {
          // With --json, stdout holds only the outcome.
          (choices.json ? printError : print)(
            foreignPlanText({ identity: cluster.identity, target: found, disruption, plan }),
          );
          await approve('Inject this fault?', { yes: choices.yes ?? false, signal });
          progress.note(`Injecting ${name}. It is undone afterwards.`);
        },
      }).catch((error: unknown): Outcome => {
        if (error instanceof NoTarget) return { reason: error.message };
        throw signal.aborted && !(error instanceof NotUndone) ? interruptedAfterUndo(signal) : error;
      });
      const landed = 'saw' in outcome;
      const events = eventsFile(context);
      const observed = isFile(dirname(events), basename(events)) ? events : undefined;
      const exitCode = landed ? exitCodes.pass : exitCodes.inconclusive;
      if (choices.json) {
        const deployment = owner.kind === 'Deployment' ? owner.name : undefined;
        const injected = { fault: name, context, namespace, owner, deployment, landed, ...outcome };
        printJson('holdfast.injection/1', { ...injected, exitCode, events: observed });
        return exitCode;
      }
      const words = printable(
        landed ? `took effect and was undone. ${outcome.saw}` : `did not take effect. ${outcome.reason}`,
      );
      const seen = observed === undefined ? '' : `Observed events: ${observed}\n`;
      print(`${name}: ${words}\n${seen}`);
      return exitCode;
    } finally {
      await watchdog.dismiss();
    }
  });
}
