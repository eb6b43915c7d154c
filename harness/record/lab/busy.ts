import type { V1Pod } from '@kubernetes/client-node';
import type { Ms } from '../../model/units.ts';
import { poll } from '../../sys/clock.ts';
import { helperLabels, helperSelector } from './helpers.ts';
import type { Lab } from './lab.ts';

const startLimitMs: Ms = 90_000;

/**
 * Starts a pod that requests most of the CPU on each of the first `workers` workers, in the namespace of the helpers.
 * Resolves when all of them run, because only then does the scheduler take their requests into account. Throws
 * `NotInTime`.
 */
export async function keepWorkersBusy(
  { kube, info, generator }: Pick<Lab, 'kube' | 'info' | 'generator'>,
  {
    namespace,
    workers,
    signal,
  }: { readonly namespace: string; readonly workers: number; readonly signal: AbortSignal },
): Promise<void> {
  const nodes = info.nodes.filter(({ role, name }) => role === 'worker' && name !== generator.name).slice(0, workers);
  if (nodes.length === 0) return;
  const image = info.images.specimen;
  for (const [index, { name }] of nodes.entries()) await kube.create(busyPod(index, { namespace, node: name, image }));
  await poll('pods that keep nodes busy', startLimitMs, signal, async () => {
    const { items } = await kube.list<V1Pod>('v1', 'Pod', namespace, helperSelector('busy'));
    const running = items.filter(({ status }) => status?.phase === 'Running').length;
    return running >= nodes.length ? { done: true } : { waitingFor: `${nodes.length - running} pods to run` };
  });
}

/** The pod requests CPU and uses none, so that the scheduler prefers other nodes. It is assigned to its node directly. */
const busyPod = (
  index: number,
  { namespace, node, image }: { readonly namespace: string; readonly node: string; readonly image: string },
): V1Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `busy-${index}`, namespace, labels: helperLabels('busy') },
  spec: {
    nodeName: node,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 1,
    securityContext: { runAsUser: 65_534, runAsGroup: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'idle',
        image,
        imagePullPolicy: 'IfNotPresent',
        env: [{ name: 'EVIDENCE', value: '/tmp' }],
        resources: { requests: { cpu: '1200m', memory: '64Mi' }, limits: { memory: '128Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
        },
        volumeMounts: [{ name: 'scratch', mountPath: '/tmp' }],
      },
    ],
    volumes: [{ name: 'scratch', emptyDir: {} }],
  },
});
