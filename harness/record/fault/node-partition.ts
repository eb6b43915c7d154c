import { z } from 'zod';
import type { PartitionPlan } from '../../witness/partition.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { whenNodesGo } from './causes.ts';
import type { LabContext, LabFault } from './fault.ts';
import { healTimerMs, startHealTimer, stopHealTimer } from './heal-timer.ts';
import { untilNodesReady } from './node-return.ts';
import { chooseNodes, nodeChoice, podsOf } from './targets.ts';

/** Which packets are dropped: all, incoming, outgoing, or only those to the API server. */
const way = z.enum(['all', 'in', 'out', 'api-server']);
const params = z.strictObject({
  nodes: nodeChoice,
  way: way.default('all').describe('which packets to drop: all, incoming, outgoing, or those to the API server'),
});

const name = 'node-partition';
const table = 'holdfast';
const networkCard = 'eth0';
const apiPort = 6443;

const chain = (name: 'in' | 'out', hook: string, rule: string): string => `
  chain ${name} {
    type filter hook ${hook};
    ${rule} drop
  }`;
const dropIn = chain('in', 'prerouting priority -310', `iifname ${networkCard}`);
const dropOut = (what = '') => chain('out', 'postrouting priority 310', `oifname ${networkCard} ${what}`);

type CutPlan = PartitionPlan & {
  /** The address of the API server. */
  readonly apiServer: string;
};

/** An nftables table with only our rules, in the syntax of nft(8). It is created and deleted as a whole. */
export function partitionRules({ way, apiServer }: Pick<CutPlan, 'way' | 'apiServer'>): string {
  const chains = {
    all: [dropIn, dropOut()],
    in: [dropIn],
    out: [dropOut()],
    'api-server': [dropOut(`ip daddr ${apiServer} tcp dport ${apiPort}`)],
  }[way];
  return `table inet ${table} {${chains.join('')}\n}\n`;
}

// `add` first, because a missing table cannot be deleted.
const noRules = `add table inet ${table}\ndelete table inet ${table}\n`;
const removal = ['nft', 'delete', 'table', 'inet', table];

const nft = ({ lab, signal }: LabContext, node: string, input: string) =>
  lab.onNode(node, ['nft', '--file', '-'], { input, signal, timeoutMs: 10_000 });

/** Disconnects nodes that keep running. */
export const nodePartition = builderOf<LabFault<CutPlan, typeof params, PartitionPlan>>({
  name,
  touches: 'nodes',
  does: 'drops packets inside nodes: all packets, one direction, or only those to the API server',
  standsFor:
    'a power loss on a routed network: no answers, only time-outs, while ARP still works; one direction stands for a broken switch or firewall, the API server alone for a broken control network while pods keep serving',
  undone:
    'removes the rules and waits until each node is Ready and reports; otherwise a timer in the node removes them',
  endsByItselfMs: healTimerMs,
  breaksRoutes: true,
  asksPods: true,
  causes: whenNodesGo,
  example: { params: { nodes: { pick: 'most-replicas' } } },
  params,
  planned: z.strictObject({
    nodes: z.array(z.strictObject({ name: z.string() })),
    way,
    apiServer: z.ipv4(),
    pods: z.array(z.string()),
  }),
  recorded: z.object({ nodes: z.array(z.object({ name: z.string() })), way, pods: z.array(z.string()) }),

  async plan(context, { nodes, way }) {
    const chosen = await chooseNodes(context, nodes);
    const apiServer = context.lab.info.nodes.find(({ role }) => role === 'control-plane')?.ip ?? '';
    const on = new Set(chosen.map((node) => node.name));
    const pods = (await podsOf(context)).filter(({ spec }) => on.has(spec?.nodeName ?? ''));
    return {
      nodes: chosen.map((node) => ({ name: node.name })),
      way,
      apiServer,
      pods: pods.map(({ metadata }) => metadata?.name ?? ''),
    };
  },
  async inject(context, plan) {
    await Promise.all(
      plan.nodes.map(async (node) => {
        await startHealTimer(context.lab, { node: node.name, fault: name, command: removal }, context.signal);
        await nft(context, node.name, `${noRules}${partitionRules(plan)}`);
      }),
    );
  },
  async heal(context, { nodes }) {
    const { lab, signal } = context;
    for (const node of nodes) {
      // A node that does not run has no rules.
      if ((await lab.power.state(node.name, signal)) !== 'running') continue;
      await nft(context, node.name, noRules);
      await stopHealTimer(lab, node.name, name, signal);
    }
  },
  waitForReturn: (context, { nodes }) => untilNodesReady(context, nodes),
  landed: witnesses['node-partition'],
});
