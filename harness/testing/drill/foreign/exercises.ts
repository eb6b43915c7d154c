import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { OwnerKind } from '../../../model/owner.ts';
import type { Json, Ms } from '../../../model/units.ts';
import { exitCodes } from '../../../model/verdict.ts';
import { ownerRef } from '../../../record/fault/owner.ts';
import type { Lab } from '../../../record/lab/lab.ts';
import { createNamespace, removeNamespace } from '../../../record/lab/namespace.ts';
import { untilSettled } from '../../../record/target/settled.ts';
import { failpointVariable } from '../../../record/undo/failpoint.ts';
import { poll } from '../../../sys/clock.ts';
import type { AttemptOptions } from '../../../sys/exec.ts';
import { makeMissingFolder, makeNewFolder, removeFolder, writeWhole } from '../../../sys/files/write.ts';
import type { Exercise } from '../drill.ts';
import { whenFree } from '../holdfast.ts';
import { type Done, endInWords } from '../output.ts';
import { kubeconfigOfUser, removeRightsElsewhere } from './user.ts';
import { namespaceLabels, workloadOf } from './workload.ts';

export interface ForeignOptions {
  /** Does something on the clean lab, which nothing else uses in the meantime. */
  readonly onLab: <T>(work: (lab: Lab) => Promise<T>, signal: AbortSignal) => Promise<T>;
  /** The folder for the kubeconfig and the state of the user. */
  readonly runs: string;
}

const context = 'foreign';
const injectedLimitMs: Ms = 30_000;
const undoneLimitMs: Ms = 60_000;

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
        makeMissingFolder(runs);
        if (!makeNewFolder(runs, folder)) throw new Error(`${join(runs, folder)} already exists`);
        try {
          await createNamespace(lab, { name: namespace, run: 'drill', labels: namespaceLabels });
          const home = join(runs, folder);
          writeWhole(
            runs,
            join(folder, 'kubeconfig'),
            await kubeconfigOfUser(lab.kube, namespace, { context, signal }),
          );
          return { saw: await tryAll({ lab, namespace, kind, home, signal }) };
        } finally {
          await removeRightsElsewhere(lab.kube, namespace);
          await removeNamespace(lab, namespace, AbortSignal.timeout(undoneLimitMs));
          removeFolder(runs, folder);
        }
      }, signal),
  }));

interface Trial {
  readonly lab: Lab;
  readonly namespace: string;
  readonly kind: OwnerKind;
  /** The folder with the kubeconfig, and with the state of the user. */
  readonly home: string;
  readonly signal: AbortSignal;
}

async function tryAll(trial: Trial): Promise<string> {
  const { lab, namespace, kind, home, signal } = trial;
  const owner = { kind, name: 'web' };
  const place = { kube: lab.kube, namespace };
  for (const object of workloadOf(kind, namespace, lab.info.images.specimen)) await lab.kube.create(object);
  const settled = () => untilSettled(place, owner, signal);
  await settled();

  const specNow = async (): Promise<unknown> => {
    const found = await lab.kube.readJson(ownerRef(namespace, owner));
    return (found as { readonly spec?: Json } | undefined)?.spec;
  };
  const before = await specNow();
  const env = { KUBECONFIG: join(home, 'kubeconfig'), XDG_STATE_HOME: home };
  const asUser = (args: readonly string[], options: Partial<AttemptOptions> = {}): Promise<Done> =>
    whenFree([...args, '--context', context, '--i-know-this-cluster'], {
      signal,
      ...options,
      env: { ...env, ...options.env },
    });
  const inject = (fault: string, options: Partial<AttemptOptions> = {}): Promise<Done> => {
    const target = ['--namespace', namespace, `--${kind.toLowerCase()}`, owner.name, '--yes'];
    return asUser(['inject', fault, ...target], options);
  };
  const untilChanged = () =>
    poll('the injection', injectedLimitMs, signal, async () =>
      isDeepStrictEqual(await specNow(), before) ? { waitingFor: 'its patch' } : { done: true },
    );
  const untilUndone = async (what: string) => {
    await poll(`the undoing ${what}`, undoneLimitMs, signal, async () =>
      isDeepStrictEqual(await specNow(), before) ? { done: true } : { waitingFor: 'the earlier spec' },
    );
    const healed = await asUser(['heal']);
    const left = healed.output?.schema === 'holdfast.heal/1' ? healed.output.undone : undefined;
    if (left !== 0) throw new Error(`${what} it left ${left ?? 'unknown'} changes: ${endInWords(healed)}`);
    await settled();
  };

  const done = await inject('rollout');
  if (done.exitCode !== exitCodes.pass) throw new Error(endInWords(done));
  await untilUndone('by itself');

  const interruption = new AbortController();
  const running = inject('restart', { interrupt: { by: 'SIGINT', on: interruption.signal } });
  await untilChanged();
  interruption.abort();
  const interrupted = await running;
  if (interrupted.exitCode !== exitCodes.interrupted) throw new Error(`interrupted: ${endInWords(interrupted)}`);
  await untilUndone('after SIGINT');

  const killed = await inject('restart', { env: { [failpointVariable]: 'restart/injected' } });
  if (killed.endedBy !== 'SIGKILL') throw new Error(`it was not killed: ${endInWords(killed)}`);
  await untilUndone('after SIGKILL');
  return endInWords(done);
}
