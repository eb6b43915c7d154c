import type { ProxyMode } from '../../harness/model/cluster.ts';

/** The shape of a cluster. */
export interface ClusterShape {
  readonly name: string;
  /** The control plane, and so many workers. */
  readonly workers: number;
  /** `fast` shortens the time until Kubernetes marks a node dead; `defaults` does not change it. */
  readonly nodeTimings: NodeTimings;
  readonly proxyMode: ProxyMode;
}

export type NodeTimings = 'fast' | 'defaults';

/** A node before it exists. */
export interface PlannedNode {
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  /** Empty for the control plane: it belongs to no zone and no rack. */
  readonly zone: string;
  readonly rack: string;
}

/** The nodes under the names that kind gives them. The first half of the workers is zone a, the other zone b. */
export function plannedNodes({ name, workers }: Pick<ClusterShape, 'name' | 'workers'>): PlannedNode[] {
  const nodes: PlannedNode[] = [{ name: `${name}-control-plane`, role: 'control-plane', zone: '', rack: '' }];
  for (let worker = 1; worker <= workers; worker++) {
    const half = worker <= Math.ceil(workers / 2) ? 'a' : 'b';
    nodes.push({
      name: `${name}-worker${worker === 1 ? '' : worker}`,
      role: 'worker',
      zone: half,
      rack: `rack-${half}`,
    });
  }
  return nodes;
}

/** The zone and rack labels of a node; none for the control plane. */
export const nodeLabels = ({ zone, rack }: Pick<PlannedNode, 'zone' | 'rack'>): { [label: string]: string } =>
  zone ? { 'topology.kubernetes.io/zone': zone, rack } : {};
