import { z } from 'zod';
import type { CardPlan } from '../../witness/partition.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { whenNodesGo } from './causes.ts';
import { type LabContext, type LabFault, NoTarget } from './fault.ts';
import { healTimerMs, startHealTimer, stopHealTimer } from './heal-timer.ts';
import { untilNodesReady } from './node-return.ts';
import { chooseNodes, nodeChoice } from './targets.ts';

const params = z.strictObject({ nodes: nodeChoice });
const name = 'network-card-down';
const card = 'eth0';
const target = z.strictObject({ name: z.string(), gateway: z.ipv4() });
type Target = z.infer<typeof target>;

/**
 * Without the interface all its routes are lost: the default route, and the routes of a pod network without a daemon.
 */
const cardUp =
  'ip link set dev "$1" up && ip route replace default via "$2" && { ! command -v pod-network || pod-network; }';
const upCommand = ({ gateway }: Target) => ['sh', '-c', cardUp, 'sh', card, gateway];

async function gatewayOf({ lab, signal }: LabContext, node: string): Promise<Target> {
  const { stdout } = await lab.onNode(node, ['ip', '-json', 'route', 'show', 'default'], { signal, timeoutMs: 10_000 });
  const [route] = z.array(z.looseObject({ gateway: z.ipv4() })).parse(JSON.parse(stdout));
  if (!route) throw new NoTarget(`node ${node} has no default route to restore afterwards`);
  return { name: node, gateway: route.gateway };
}

/** Takes the network interface of nodes down. */
export const networkCardDown = builderOf<LabFault<{ readonly nodes: readonly Target[] }, typeof params, CardPlan>>({
  name,
  touches: 'nodes',
  does: 'takes the network interface of nodes down, and with it their routes',
  standsFor: 'a pulled cable or a broken interface: senders learn that the node is unreachable when ARP fails',
  undone:
    'takes the interface up, restores the routes, and waits until each node is Ready and reports; otherwise a timer in the node does it',
  endsByItselfMs: healTimerMs,
  breaksRoutes: true,
  causes: whenNodesGo,
  example: { params: { nodes: { pick: 'most-replicas' } } },
  params,
  planned: z.strictObject({ nodes: z.array(target) }),
  recorded: z.object({ nodes: z.array(z.object({ name: z.string() })) }),

  async plan(context, { nodes }) {
    const chosen = await chooseNodes(context, nodes);
    return { nodes: await Promise.all(chosen.map((node) => gatewayOf(context, node.name))) };
  },
  async inject({ lab, signal }, { nodes }) {
    await Promise.all(
      nodes.map(async (node) => {
        await startHealTimer(lab, { node: node.name, fault: name, command: upCommand(node) }, signal);
        await lab.onNode(node.name, ['ip', 'link', 'set', 'dev', card, 'down'], { signal, timeoutMs: 10_000 });
      }),
    );
  },
  async heal(context, { nodes }) {
    const { lab, signal } = context;
    for (const node of nodes) {
      // A node that restarts brings its interface up by itself.
      if ((await lab.power.state(node.name, signal)) !== 'running') continue;
      await lab.onNode(node.name, upCommand(node), { signal, timeoutMs: 20_000 });
      await stopHealTimer(lab, node.name, name, signal);
    }
  },
  waitForReturn: (context, { nodes }) => untilNodesReady(context, nodes),
  landed: witnesses['network-card-down'],
});
