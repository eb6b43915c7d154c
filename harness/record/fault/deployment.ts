import type { ObjectRef, V1Deployment, V1Pod } from '../../sys/kube.ts';
import { type NamespaceContext, NoTarget } from './fault.ts';
import { selects } from './selects.ts';

export const deploymentRef = (namespace: string, name: string): ObjectRef => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  name,
  namespace,
});

/** Reads the Deployment of the workload. Throws `NoTarget` if there is none. */
export async function readDeployment({
  kube,
  namespace,
  deployment,
}: Pick<NamespaceContext, 'kube' | 'namespace' | 'deployment'>): Promise<V1Deployment> {
  const found = await kube.read<V1Deployment>(deploymentRef(namespace, deployment));
  if (!found) throw new NoTarget(`there is no deployment ${namespace}/${deployment}`);
  return found;
}

/** The pods of a Deployment, found by its selector. */
export async function podsOfDeployment(
  { kube, namespace }: Pick<NamespaceContext, 'kube' | 'namespace'>,
  { spec }: V1Deployment,
): Promise<readonly V1Pod[]> {
  const { items } = await kube.list<V1Pod>('v1', 'Pod', namespace);
  return items.filter(({ metadata }) => selects(spec?.selector, metadata?.labels));
}
