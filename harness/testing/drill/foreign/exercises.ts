import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Ms } from '../../../model/units.ts';
import { type ExitCode, exitCodes } from '../../../model/verdict.ts';
import type { Lab } from '../../../record/lab/lab.ts';
import { createNamespace, removeNamespace } from '../../../record/lab/namespace.ts';
import { failpointVariable } from '../../../record/undo/failpoint.ts';
import { makeMissingFolder, makeNewFolder, removeFolder, writeWhole } from '../../../sys/files/write.ts';
import type { Exercise } from '../drill.ts';
import { type Done, endInWords } from '../output.ts';
import { context, openTrial, type Trial } from './trial.ts';
import { kubeconfigOfUser, removeRightsElsewhere } from './user.ts';
import { namespaceLabels } from './workload.ts';

export interface ForeignOptions {
  /** Does something on the clean lab, which nothing else uses in the meantime. */
  readonly onLab: <T>(work: (lab: Lab) => Promise<T>, signal: AbortSignal) => Promise<T>;
  /** The folder for the kubeconfig and the state of the user. */
  readonly runs: string;
}

const goneLimitMs: Ms = 90_000;
const watchdogLimitMs: Ms = 60_000;

/**
 * Treats the lab as a cluster that holdfast did not create, as a user with the documented rights in one namespace. Each
 * rollout takes effect and is undone: by itself, after an interrupt, and by the watchdog after SIGKILL.
 */
export const foreignExercises = ({ onLab, runs }: ForeignOptions): Exercise[] =>
  (['Deployment', 'StatefulSet'] as const).map((kind) => ({
    id: `foreign/${kind}`,
    run: (signal) =>
      onLab(async (lab) => {
        const namespace = `holdfast-foreign-${kind.toLowerCase()}`;
        const folder = `drill-${randomBytes(6).toString('hex')}`;
        const home = join(runs, folder);
        makeMissingFolder(runs);
        if (!makeNewFolder(runs, folder)) throw new Error(`${home} already exists`);
        try {
          await createNamespace(lab, { name: namespace, run: 'drill', labels: namespaceLabels });
          const kubeconfig = await kubeconfigOfUser(lab.kube, namespace, { context, signal });
          writeWhole(runs, join(folder, 'kubeconfig'), kubeconfig);
          return { saw: await rollOutThreeTimes(await openTrial(lab, { kind, namespace, home, signal })) };
        } finally {
          await removeRightsElsewhere(lab.kube, namespace);
          await removeNamespace(lab, namespace, AbortSignal.timeout(goneLimitMs));
          removeFolder(runs, folder);
        }
      }, signal),
  }));

async function rollOutThreeTimes(trial: Trial): Promise<string> {
  const done = await trial.inject('rollout');
  assertExit(done, exitCodes.pass);
  await trial.assertUndone('a rollout', 0);

  const interruption = new AbortController();
  const running = trial.inject('restart', { interrupt: { by: 'SIGINT', on: interruption.signal } });
  await trial.untilChanged();
  interruption.abort();
  assertExit(await running, exitCodes.interrupted);
  await trial.assertUndone('an interrupted restart', 0);

  const killed = await trial.inject('restart', { env: { [failpointVariable]: 'restart/injected' } });
  if (killed.endedBy !== 'SIGKILL') throw new Error(`it was not killed: ${endInWords(killed)}`);
  await trial.assertUndone('a killed restart', watchdogLimitMs);
  const saw = done.output?.schema === 'holdfast.injection/1' ? done.output.saw : undefined;
  return `${saw}; undone by itself, after SIGINT and after SIGKILL`;
}

function assertExit(done: Done, exitCode: ExitCode): void {
  if (done.exitCode !== exitCode) throw new Error(`instead of exit ${exitCode}: ${endInWords(done)}`);
}
