import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { OwnerKind } from '../../../model/owner.ts';
import type { Ms } from '../../../model/units.ts';
import { ownerRef } from '../../../record/fault/owner.ts';
import type { Lab } from '../../../record/lab/lab.ts';
import { untilSettled } from '../../../record/target/settled.ts';
import { poll } from '../../../sys/clock.ts';
import type { AttemptOptions } from '../../../sys/exec.ts';
import type { KubernetesObject } from '../../../sys/kube.ts';
import { whenFree } from '../holdfast.ts';
import { type Done, endInWords } from '../output.ts';
import { workloadOf } from './workload.ts';

/** The context of the user. */
export const context = 'foreign';
const changedLimitMs: Ms = 30_000;

type Started = Pick<AttemptOptions, 'env' | 'interrupt'>;

/** A workload in a namespace, and a user who injects faults into it with --context. */
export interface Trial {
  inject(fault: string, options?: Started): Promise<Done>;
  /** Resolves when the spec of the workload is changed, and throws if it is not within 30 s. */
  untilChanged(): Promise<void>;
  /**
   * Throws unless the workload has its first spec within the time, and the journal of the user is empty. Resolves when
   * the workload is available. `what` is what the user did, for the message.
   */
  assertUndone(what: string, withinMs: Ms): Promise<void>;
}

/** Creates the workload and resolves when it is available. `home` is a folder with the kubeconfig of the user. */
export async function openTrial({ kube, info }: Lab, { kind, namespace, home, signal }: TrialOptions): Promise<Trial> {
  const owner = { kind, name: 'web' };
  for (const object of workloadOf(kind, namespace, info.images.specimen)) await kube.create(object);
  const untilAvailable = () => untilSettled({ kube, namespace }, owner, signal);
  await untilAvailable();

  const specNow = async (): Promise<unknown> =>
    ((await kube.readJson(ownerRef(namespace, owner))) as (KubernetesObject & { readonly spec?: unknown }) | undefined)
      ?.spec;
  const before = await specNow();
  const isAsBefore = async () => isDeepStrictEqual(await specNow(), before);
  const asUser = (args: readonly string[], { env, ...options }: Started = {}): Promise<Done> =>
    whenFree([...args, '--context', context, '--i-know-this-cluster'], {
      signal,
      ...options,
      env: { KUBECONFIG: join(home, 'kubeconfig'), XDG_STATE_HOME: home, ...env },
    });
  return {
    inject: (fault, options) =>
      asUser(['inject', fault, '--namespace', namespace, `--${kind.toLowerCase()}`, owner.name, '--yes'], options),
    async untilChanged() {
      await poll('the injection', changedLimitMs, signal, async () =>
        (await isAsBefore()) ? { waitingFor: 'its patch' } : { done: undefined },
      );
    },
    async assertUndone(what, withinMs) {
      await poll(what, withinMs, signal, async () =>
        (await isAsBefore()) ? { done: undefined } : { waitingFor: 'the undoing of the patch' },
      );
      const healed = await asUser(['heal']);
      const left = healed.output?.schema === 'holdfast.heal/1' ? healed.output.undone : undefined;
      if (left !== 0) throw new Error(`${what} left ${left ?? 'unknown'} changes: ${endInWords(healed)}`);
      await untilAvailable();
    },
  };
}

interface TrialOptions {
  readonly kind: OwnerKind;
  readonly namespace: string;
  readonly home: string;
  readonly signal: AbortSignal;
}
