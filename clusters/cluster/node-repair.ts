import type { ClusterNode } from '../../harness/model/cluster.ts';
import { nodeLabels } from '../kind/shape.ts';
import type { PrintedNode } from './printed.ts';

interface Taint {
  readonly key: string;
  readonly effect: string;
}

const controlPlaneTaint: Taint = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };

/** Kubernetes manages labels and taints with such a prefix, except for the zone. */
const kubernetesOwn = /(^|\.)(kubernetes|k8s)\.io\//;
const zone = 'topology.kubernetes.io/zone';

/** The merge patch that restores a node to its original state; undefined if nothing differs. */
export function nodeRepair(found: PrintedNode, node: Pick<ClusterNode, 'role' | 'zone' | 'rack'>): object | undefined {
  const { unschedulable, taints = [] } = found.spec ?? {};
  const labels = labelChanges(found.metadata?.labels ?? {}, nodeLabels(node));
  const wantedTaints = node.role === 'control-plane' ? [controlPlaneTaint] : [];
  const taintsDiffer = JSON.stringify(taints.map(plain)) !== JSON.stringify(wantedTaints);
  if (!unschedulable && !labels && !taintsDiffer) return undefined;
  return {
    ...(labels && { metadata: { labels } }),
    spec: { ...(unschedulable && { unschedulable: null }), ...(taintsDiffer && { taints: wantedTaints }) },
  };
}

const plain = ({ key, effect }: Taint): Taint => ({ key, effect });

function labelChanges(found: { readonly [label: string]: string }, wanted: { readonly [label: string]: string }) {
  const changes: { [label: string]: string | null } = {};
  for (const [label, value] of Object.entries(wanted)) {
    if (found[label] !== value) changes[label] = value;
  }
  for (const label of Object.keys(found)) {
    if (!(label in wanted) && (label === zone || !kubernetesOwn.test(label))) changes[label] = null;
  }
  return Object.keys(changes).length > 0 ? changes : undefined;
}
