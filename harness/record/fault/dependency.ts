import type { V1Deployment } from '../../sys/kube.ts';
import { type NamespaceContext, NoTarget } from './fault.ts';

/** What a Deployment is called that another one depends on. */
const label = 'holdfast.dev/dependency=true';

/** The Deployment that the workload depends on. Throws `NoTarget` where it depends on nobody. */
export async function dependencyOf({ kube, namespace }: NamespaceContext): Promise<V1Deployment> {
  const [found] = (await kube.list<V1Deployment>('apps/v1', 'Deployment', namespace, label)).items;
  if (!found) throw new NoTarget('the workload depends on nobody; give it a dependency: --set dependency=on');
  return found;
}
