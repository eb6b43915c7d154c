import type { V1Service } from '../../sys/kube.ts';
import { dependencyLabel } from '../fault/dependency.ts';
import type { NamespaceContext } from '../fault/fault.ts';
import { addressOf } from './service.ts';

/** `host:port` of the Service of the dependency of the workload; undefined if it has none. */
export async function dependencyAddress({
  kube,
  namespace,
}: Pick<NamespaceContext, 'kube' | 'namespace'>): Promise<string | undefined> {
  const [service] = (await kube.list<V1Service>('v1', 'Service', namespace, dependencyLabel)).items;
  if (!service) return undefined;
  const { clusterIp, port } = addressOf(service);
  return `${clusterIp}:${port.port}`;
}
