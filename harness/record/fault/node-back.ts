import type { Ms } from '../../model/units.ts';
import { until } from '../../sys/clock.ts';
import type { KubernetesObject, V1Node } from '../../sys/kube.ts';
import type { LabContext } from './fault.ts';

type Lease = KubernetesObject & { readonly spec?: { readonly renewTime?: string } };

const leases = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'kube-node-lease' };
const backLimitMs: Ms = 90_000;

/**
 * Waits until each node has reported from now on, and is Ready. One that was away for a moment is still called Ready,
 * whoever brought it back.
 */
export async function untilBack(
  { kube, signal }: Pick<LabContext, 'kube' | 'signal'>,
  nodes: readonly { readonly name: string }[],
): Promise<void> {
  const since = Date.now();
  const missing = async (name: string): Promise<string | undefined> => {
    const lease = await kube.read<Lease>({ ...leases, name });
    if (!(Date.parse(lease?.spec?.renewTime ?? '') >= since)) return `${name} to report`;
    const node = await kube.read<V1Node>({ apiVersion: 'v1', kind: 'Node', name });
    const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
    return ready?.status === 'True' ? undefined : `${name} to be Ready`;
  };
  await until('the nodes to be back', backLimitMs, signal, async () => {
    for (const { name } of nodes) {
      const waitingFor = await missing(name).catch((error: Error) => `the API server: ${error.message}`);
      if (waitingFor !== undefined) return { waitingFor };
    }
    return { done: true };
  });
}
