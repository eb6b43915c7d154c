import type { KubernetesObject, V1Deployment } from '../../sys/kube.ts';
import type { NamespaceContext } from './fault.ts';

export type Template = NonNullable<V1Deployment['spec']>['template'];
export type ReplicaSet = KubernetesObject & { readonly spec?: { readonly template?: Template } };

/** The number that the Deployment controller gives a ReplicaSet; 0 if it has none. */
export const revisionNumber = ({ metadata }: KubernetesObject): number =>
  Number(metadata?.annotations?.['deployment.kubernetes.io/revision'] ?? 0);

/** The ReplicaSets of a Deployment. The first one has its current template, the second one the previous template. */
export async function replicaSetsOf(
  { kube, namespace }: Pick<NamespaceContext, 'kube' | 'namespace'>,
  { metadata }: KubernetesObject,
): Promise<readonly ReplicaSet[]> {
  const { items } = await kube.list<ReplicaSet>('apps/v1', 'ReplicaSet', namespace);
  return items
    .filter((set) => set.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.uid))
    .sort((one, other) => revisionNumber(other) - revisionNumber(one));
}
