import { z } from 'zod';
import type { Owner } from '../../model/owner.ts';
import type { ObjectRef, V1Deployment, V1Pod, V1StatefulSet } from '../../sys/kube.ts';
import { type NamespaceContext, NoTarget } from './fault.ts';
import { selects } from './selects.ts';

/** The schema of an owner in a plan. */
export const ownerSchema = z.strictObject({
  kind: z.enum(['Deployment', 'StatefulSet']),
  name: z.string(),
}) satisfies z.ZodType<Owner>;

/** An owner as the API server returns it. */
export type OwnerObject = V1Deployment | V1StatefulSet;

export const ownerRef = (namespace: string, { kind, name }: Owner): ObjectRef => ({
  apiVersion: 'apps/v1',
  kind,
  name,
  namespace,
});

/** The owner in a message, such as `StatefulSet shop/db`. */
export const ownerInWords = ({ namespace, owner }: Pick<NamespaceContext, 'namespace' | 'owner'>): string =>
  `${owner.kind} ${namespace}/${owner.name}`;

/** Reads the owner of the pods under test. Throws `NoTarget` if there is none. */
export async function readOwner(context: Pick<NamespaceContext, 'kube' | 'namespace' | 'owner'>): Promise<OwnerObject> {
  const { kube, namespace, owner } = context;
  const found = await kube.read<OwnerObject>(ownerRef(namespace, owner));
  if (!found) throw new NoTarget(`there is no ${ownerInWords(context)}. Check its kind, namespace and name`);
  return found;
}

/**
 * Reads the Deployment that owns the pods under test. Throws `NoTarget` if there is none, and with the reason if the
 * owner is a StatefulSet.
 */
export async function readDeployment(context: NamespaceContext, reason: string): Promise<V1Deployment> {
  if (context.owner.kind !== 'Deployment')
    throw new NoTarget(`${ownerInWords(context)} is not a Deployment. ${reason}`);
  return (await readOwner(context)) as V1Deployment;
}

/** The pods of an owner, found by its selector. */
export async function podsOfOwner(
  { kube, namespace }: Pick<NamespaceContext, 'kube' | 'namespace'>,
  { spec }: OwnerObject,
): Promise<readonly V1Pod[]> {
  const { items } = await kube.list<V1Pod>('v1', 'Pod', namespace);
  return items.filter(({ metadata }) => selects(spec?.selector, metadata?.labels));
}
