import type { Ms } from '../../model/units.ts';
import { poll } from '../../sys/clock.ts';
import type { KubernetesObject, V1Node } from '../../sys/kube.ts';
import type { LabContext } from './fault.ts';

type Lease = KubernetesObject & { readonly spec?: { readonly renewTime?: string } };

const leases = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'kube-node-lease' };
const backLimitMs: Ms = 90_000;

const lookEveryMs: Ms = 500;

/** Starts those that do not run, one after the other as planned, so that each gets its own address back. */
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

/** Starts what does not run. A node that was told to stop, by whoever died since, may still be about to: that is waited for. */
export async function untilStarted(
  context: Pick<LabContext, 'lab' | 'signal'>,
  nodes: readonly { readonly name: string }[],
): Promise<void> {
  const { lab, signal } = context;
  const look = async () => {
    await startStopped(context, nodes);
    for (const { name } of nodes) {
      const said = await lab.onNode(name, stopping, { signal, timeoutMs: 10_000 }).catch((error: Error) => error);
      if (said instanceof Error) return { waitingFor: `${name}: ${said.message}` };
      if (said.stdout.trim() === 'stopping') return { waitingFor: `${name} to end its stop` };
    }
    return { done: true };
  };
  await poll('the nodes to be started', startedLimitMs, signal, look, lookEveryMs);
}

/** Waits until each node has reported from now on, and is Ready. One that was away for a moment is still called Ready. */
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
  const look = async () => {
    for (const { name } of nodes) {
      const waitingFor = await missing(name).catch((error: Error) => `the API server: ${error.message}`);
      if (waitingFor !== undefined) return { waitingFor };
    }
    return { done: true };
  };
  await poll('the nodes to be back', backLimitMs, signal, look, lookEveryMs);
}
