import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { PodHistory } from '../timeline/pod-history.ts';

/** Replicas that run at a moment, by node. By default the moment is the end of the fault phase. */
export function replicasByNode({ timeline, phases }: ArmEvidence, at = phases.fault.to): Map<string, PodHistory[]> {
  const nodes = new Map<string, PodHistory[]>();
  for (const pod of timeline.pods.values()) {
    const state = pod.bar.at(at);
    if (state === undefined || state === 'pending' || state === 'terminating' || pod.node === '') continue;
    const outage = timeline.outages.during(pod.node, at, at);
    // At the end of its outage, the node runs again.
    if (outage && outage.to !== at) continue;
    const pods = nodes.get(pod.node);
    if (pods) pods.push(pod);
    else nodes.set(pod.node, [pod]);
  }
  return nodes;
}
