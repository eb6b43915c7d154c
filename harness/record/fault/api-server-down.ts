import { z } from 'zod';
import { poll } from '../../sys/clock.ts';
import type { ControlPlanePlan } from '../../witness/control-plane.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf, noParams } from './builder.ts';
import { deadManMs, setDeadMan, stopDeadMan } from './dead-man.ts';
import { type LabContext, type LabFault, NoTarget } from './fault.ts';
import { untilStarted } from './node-back.ts';

const name = 'api-server-down';
const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml';
/** Not in the folder that the kubelet looks at. */
const away = '/etc/kubernetes/kube-apiserver.yaml.holdfast';
/** Does nothing where it is back already. */
const back = ['sh', '-c', 'test ! -e "$1" || mv "$1" "$2"', 'sh', away, manifest];
const readyLimitMs = 90_000;

/** The node that the API server runs on. */
export function controlPlaneOf({ lab }: LabContext): string {
  const node = lab.info.nodes.find(({ role }) => role === 'control-plane');
  if (!node) throw new NoTarget('the cluster has no control plane of its own');
  return node.name;
}

/** Waits until the API server answers that it is ready. */
export const untilApiReady = ({ kube, signal }: Pick<LabContext, 'kube' | 'signal'>): Promise<boolean> =>
  poll('the API server to be ready', readyLimitMs, signal, async () => {
    const { ready, reason } = await kube.ready(signal);
    return ready ? { done: true } : { waitingFor: reason };
  });

/** Nobody can be asked, and nothing is controlled; what runs goes on running. */
export const apiServerDown = builderOf<LabFault<ControlPlanePlan, typeof noParams>>({
  name,
  touches: 'nodes',
  does: 'moves the manifest of the API server away, so that the kubelet stops it',
  faithfulTo:
    'an API server that crashed or is being upgraded; etcd, controllers and nodes keep running but cannot reach it',
  undone: 'moves the manifest back and waits until it answers; otherwise a timer in the node moves it back',
  endsByItselfMs: deadManMs,
  silencesWatches: true,
  causes: [],
  example: { params: {} },
  params: noParams,
  planned: z.strictObject({ nodes: z.array(z.strictObject({ name: z.string() })).length(1) }),
  recorded: z.object({ nodes: z.array(z.object({ name: z.string() })) }),

  plan: async (context) => ({ nodes: [{ name: controlPlaneOf(context) }] }),
  async inject({ lab, signal }, { nodes }) {
    for (const node of nodes) {
      await setDeadMan(lab, { node: node.name, fault: name, command: back }, signal);
      await lab.onNode(node.name, ['mv', manifest, away], { signal, timeoutMs: 10_000 });
    }
  },
  async heal(context, { nodes }) {
    const { lab, signal } = context;
    await untilStarted(context, nodes);
    for (const node of nodes) {
      await lab.onNode(node.name, back, { signal, timeoutMs: 10_000 });
      await stopDeadMan(lab, node.name, name, signal);
    }
  },
  back: async (context) => void (await untilApiReady(context)),
  landed: witnesses['api-server-down'],
});
