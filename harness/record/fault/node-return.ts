import type { Ms } from '../../model/units.ts';
import { poll } from '../../sys/clock.ts';
import type { KubernetesObject, V1Node } from '../../sys/kube.ts';
import type { LabContext } from './fault.ts';

type Lease = KubernetesObject & { readonly spec?: { readonly renewTime?: string } };

const leases = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'kube-node-lease' };
const backLimitMs: Ms = 90_000;

const probeEveryMs: Ms = 500;

/**
 * Starts nodes that do not run, one after another in the order of the plan, so that each gets its own address again.
 */
async function startStopped(
  { lab, signal }: Pick<LabContext, 'lab' | 'signal'>,
  nodes: readonly { readonly name: string }[],
): Promise<void> {
  for (const { name } of nodes) {
    if ((await lab.power.state(name, signal)) !== 'running') await lab.power.start(name, signal);
  }
}

const startedLimitMs: Ms = 60_000;
const stopping = ['sh', '-c', 'systemctl is-system-running || true'];

/**
 * Starts nodes that do not run. Also waits for a node that is still shutting down, because an earlier process told it
 * to.
 */
export async function untilStarted(
  context: Pick<LabContext, 'lab' | 'signal'>,
  nodes: readonly { readonly name: string }[],
): Promise<void> {
  const { lab, signal } = context;
  const probe = async () => {
    await startStopped(context, nodes);
    for (const { name } of nodes) {
      const answer = await lab.onNode(name, stopping, { signal, timeoutMs: 10_000 }).catch((error: Error) => error);
      if (answer instanceof Error) return { waitingFor: `${name}: ${answer.message}` };
      if (answer.stdout.trim() === 'stopping') return { waitingFor: `${name} to finish its shutdown` };
    }
    return { done: true };
  };
  await poll('the nodes to be started', startedLimitMs, signal, probe, probeEveryMs);
}

/**
 * Waits until each node has reported since this call, and is Ready. A node that was down for a moment may still be
 * marked Ready.
 */
export async function untilNodesReady(
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
  const probe = async () => {
    for (const { name } of nodes) {
      const waitingFor = await missing(name).catch((error: Error) => `the API server: ${error.message}`);
      if (waitingFor !== undefined) return { waitingFor };
    }
    return { done: true };
  };
  await poll('the nodes to be Ready again', backLimitMs, signal, probe, probeEveryMs);
}
