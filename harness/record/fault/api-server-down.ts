import { z } from 'zod';
import { poll } from '../../sys/clock.ts';
import type { ControlPlanePlan } from '../../witness/control-plane.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf, noParams } from './builder.ts';
import { type LabContext, type LabFault, NoTarget } from './fault.ts';
import { healTimerMs, startHealTimer, stopHealTimer } from './heal-timer.ts';
import { untilStarted } from './node-return.ts';

const name = 'api-server-down';
const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml';
/** Outside the folder that the kubelet reads. */
const movedManifest = '/etc/kubernetes/kube-apiserver.yaml.holdfast';
/** Moves the manifest back. Has no effect if it is there already. */
const restore = ['sh', '-c', 'test ! -e "$1" || mv "$1" "$2"', 'sh', movedManifest, manifest];
const readyLimitMs = 90_000;

/** The node of the control plane. Throws `NoTarget` if there is none. */
export function controlPlaneOf({ lab }: LabContext): string {
  const node = lab.info.nodes.find(({ role }) => role === 'control-plane');
  if (!node) throw new NoTarget('the cluster has no control-plane node');
  return node.name;
}

/** Waits until the API server reports that it is ready. */
export const untilApiReady = ({ kube, signal }: Pick<LabContext, 'kube' | 'signal'>): Promise<boolean> =>
  poll('the API server to be ready', readyLimitMs, signal, async () => {
    const { ready, reason } = await kube.ready(signal);
    return ready ? { done: true } : { waitingFor: reason };
  });

/** Stops the API server. Running pods keep running, but nothing in the cluster can change. */
export const apiServerDown = builderOf<LabFault<ControlPlanePlan, typeof noParams>>({
  name,
  touches: 'nodes',
  does: 'moves the manifest of the API server away, so that the kubelet stops it',
  standsFor:
    'an API server that crashed or is being upgraded; etcd, controllers and nodes keep running but cannot reach it',
  undone: 'moves the manifest back and waits until it answers; otherwise a timer in the node moves it back',
  endsByItselfMs: healTimerMs,
  silencesWatches: true,
  causes: [],
  example: { params: {} },
  params: noParams,
  planned: z.strictObject({ nodes: z.array(z.strictObject({ name: z.string() })).length(1) }),
  recorded: z.object({ nodes: z.array(z.object({ name: z.string() })) }),

  plan: async (context) => ({ nodes: [{ name: controlPlaneOf(context) }] }),
  async inject({ lab, signal }, { nodes }) {
    for (const node of nodes) {
      await startHealTimer(lab, { node: node.name, fault: name, command: restore }, signal);
      await lab.onNode(node.name, ['mv', manifest, movedManifest], { signal, timeoutMs: 10_000 });
    }
  },
  async heal(context, { nodes }) {
    const { lab, signal } = context;
    await untilStarted(context, nodes);
    for (const node of nodes) {
      await lab.onNode(node.name, restore, { signal, timeoutMs: 10_000 });
      await stopHealTimer(lab, node.name, name, signal);
    }
  },
  waitForReturn: async (context) => void (await untilApiReady(context)),
  landed: witnesses['api-server-down'],
});
