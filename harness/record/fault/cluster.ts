import { UsageError } from '../../model/usage-error.ts';
import type { ForeignCluster } from '../foreign/foreign-cluster.ts';
import type { Lab } from '../lab/lab.ts';
import { catalogue, faultNamed } from './catalogue.ts';
import type { Fault, LabContext, NamespaceContext, NamespaceFault } from './fault.ts';

/** Where faults are injected: into a lab of our own, or into one namespace of anybody's cluster. */
export type Cluster = Lab | ForeignCluster;

export const isLab = (cluster: Cluster): cluster is Lab => 'power' in cluster;

const isConfined = (fault: Fault): fault is NamespaceFault =>
  fault.touches === 'namespace' && !fault.asksPods && !fault.asksDependency;

/**
 * A fault that touches one namespace only, and is witnessed from there. Throws `UsageError`, with the names of all of
 * those, for one that needs more.
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

/** A fault as it may be injected there. One that touches nodes is given a lab's context by `contextOn`. */
export const faultOn = (cluster: Cluster, name: string): NamespaceFault =>
  isLab(cluster) ? (faultNamed(name) as NamespaceFault) : confinedFault(name);

export const contextOn = (cluster: Cluster, rest: Omit<NamespaceContext, 'kube'>): LabContext | NamespaceContext => ({
  ...rest,
  kube: cluster.kube,
  ...(isLab(cluster) && { lab: cluster }),
});
