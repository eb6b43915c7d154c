import { UsageError } from '../../model/usage-error.ts';
import type { ForeignCluster } from '../foreign/foreign-cluster.ts';
import { helpersNamespace } from '../lab/helpers.ts';
import type { Lab } from '../lab/lab.ts';
import { catalogue, faultNamed } from './catalogue.ts';
import type { Fault, LabContext, NamespaceContext, NamespaceFault } from './fault.ts';

/** The cluster in which faults are injected: a lab cluster, or one namespace of any other cluster. */
export type Cluster = Lab | ForeignCluster;

export const isLab = (cluster: Cluster): cluster is Lab => 'power' in cluster;

const isConfined = (fault: Fault): fault is NamespaceFault =>
  fault.touches === 'namespace' && !fault.asksPods && !fault.asksDependency;

/**
 * The fault of this name if it touches one namespace only and can be observed from there. Otherwise throws `UsageError`
 * with the names of all faults that do.
 */
export function confinedFault(name: string): NamespaceFault {
  const fault = faultNamed(name);
  if (isConfined(fault)) return fault;
  const why = fault.touches === 'nodes' ? 'touches nodes' : 'can only be seen to land from a node';
  const allowed = [...catalogue.values()].filter(isConfined).map((each) => each.name);
  throw new UsageError(
    `${name} ${why}, so it is allowed only in the lab. Allowed in other clusters: ${allowed.join(', ')}`,
  );
}

/**
 * The fault of this name if the cluster allows it. `contextOn` gives a fault that touches nodes the context of the lab.
 */
export const faultOn = (cluster: Cluster, name: string): NamespaceFault =>
  isLab(cluster) ? (faultNamed(name) as NamespaceFault) : confinedFault(name);

export const contextOn = (cluster: Cluster, rest: Omit<NamespaceContext, 'kube'>): LabContext | NamespaceContext => ({
  ...rest,
  kube: cluster.kube,
  ...(isLab(cluster) && { lab: cluster, helpersNamespace: helpersNamespace(rest.namespace) }),
});
