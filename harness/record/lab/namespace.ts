import type { Ms } from '../../model/units.ts';
import { poll } from '../../sys/clock.ts';
import type { V1Pod } from '../../sys/kube.ts';
import type { Lab } from './lab.ts';

/** The label of every namespace of a run, with the id of the run. A reset removes all namespaces with this label. */
const runLabel = 'holdfast.dev/run';
const goneLimitMs: Ms = 90_000;

/** Creates a namespace for an arm of the run with this id. `labels` are additional labels. */
export const createNamespace = (
  { kube }: Pick<Lab, 'kube'>,
  {
    name,
    run,
    labels = {},
  }: { readonly name: string; readonly run: string; readonly labels?: { readonly [label: string]: string } },
): Promise<void> =>
  kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { [runLabel]: run, ...labels } } });

/** Removes a namespace and waits until it is gone. It first deletes the pods with a grace period of 1 s. */
export async function removeNamespace(
  { kube }: Pick<Lab, 'kube'>,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  const { items } = await kube.list<V1Pod>('v1', 'Pod', namespace);
  await kube.remove({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  await Promise.all(
    items.map(({ metadata }) =>
      kube.remove({ apiVersion: 'v1', kind: 'Pod', name: metadata?.name ?? '', namespace }, 1),
    ),
  );
  await poll(`namespace ${namespace} to be gone`, goneLimitMs, signal, async () =>
    (await kube.read({ apiVersion: 'v1', kind: 'Namespace', name: namespace }))
      ? { waitingFor: 'its last objects to be deleted' }
      : { done: true },
  );
}
