import type { V1Deployment } from '../../sys/kube.ts';
import { type NamespaceContext, NoTarget } from './fault.ts';

/** The label of the objects that the workload depends on. */
export const dependencyLabel = 'holdfast.dev/dependency=true';

/** The Deployment that the workload depends on. Throws `NoTarget` if there is none. */
export async function dependencyOf({ kube, namespace }: NamespaceContext): Promise<V1Deployment> {
  const [found] = (await kube.list<V1Deployment>('apps/v1', 'Deployment', namespace, dependencyLabel)).items;
  if (!found) throw new NoTarget('the workload has no dependency. Add one: --set dependency=on');
  return found;
}
