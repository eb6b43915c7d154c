import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { type MemoryPressurePlan, underMemoryPressure } from '../../witness/memory-pressure.ts';
import { deadManMs, setDeadMan, stopDeadMan } from './dead-man.ts';
import { type LabContext, type LabFault, NoTarget } from './fault.ts';
import { untilBack } from './node-back.ts';
import { chooseNodes, nodeChoice, podsOf } from './targets.ts';

const params = z.strictObject({ nodes: nodeChoice });
const name = 'memory-pressure';
const config = '/var/lib/kubelet/config.yaml';
const before = '/var/lib/kubelet/config.yaml.holdfast';

/** More than any machine has free: its own kernel and daemons take a hundredth. */
const threshold = '99%';

/** Does nothing where the configuration is what it was. */
const restore = ['sh', '-c', 'test ! -e "$1" || { mv "$1" "$2" && systemctl restart kubelet; }', 'sh', before, config];

/** The same configuration, under which the node has too little memory whatever it has. */
export function withThreshold(text: string): string {
  const kubelet = z.looseObject({ evictionHard: z.record(z.string(), z.string()).optional() }).parse(parse(text));
  return stringify({ ...kubelet, evictionHard: { ...kubelet.evictionHard, 'memory.available': threshold } });
}

async function press({ lab, signal }: LabContext, node: string): Promise<void> {
  const limits = { signal, timeoutMs: 20_000 };
  await setDeadMan(lab, { node, fault: name, command: restore }, signal);
  // Never over a copy that is there already: it is the one from before.
  await lab.onNode(node, ['cp', '--no-clobber', config, before], limits);
  const { stdout } = await lab.onNode(node, ['cat', before], limits);
  await lab.onNode(node, ['cp', '/dev/stdin', config], { ...limits, input: withThreshold(stdout) });
  await lab.onNode(node, ['systemctl', 'restart', 'kubelet'], limits);
}

/** Nodes whose kubelet says that memory is short, and evicts pods for it. */
export const memoryPressure: LabFault<MemoryPressurePlan, z.infer<typeof params>> = {
  name,
  touches: 'nodes',
  does: 'raises the eviction threshold of nodes above what they have free, so that their kubelets evict pods',
  faithfulTo:
    'a node that runs out of memory, as its kubelet sees it: the condition, the taint and the evictions, without grace and without asking a budget; nothing is really short, and the kernel kills nobody',
  undone: 'gives the kubelets the configuration that they had; a timer in the node does it if nobody else can',
  endsByItselfMs: deadManMs,
  params,
  planned: z.strictObject({ nodes: z.array(z.strictObject({ name: z.string() })), pods: z.array(z.string()) }),

  async plan(context, { nodes }) {
    const chosen = (await chooseNodes(context, nodes)).map((node) => ({ name: node.name }));
    const on = new Set(chosen.map((node) => node.name));
    const pods = (await podsOf(context)).filter(({ spec }) => on.has(spec?.nodeName ?? ''));
    if (pods.length === 0) throw new NoTarget(`no pod of ${context.deployment} on ${[...on].join(', ')}`);
    return { nodes: chosen, pods: pods.map(({ metadata }) => metadata?.name ?? '') };
  },
  async inject(context, { nodes }) {
    await Promise.all(nodes.map((node) => press(context, node.name)));
  },
  async heal(context, { nodes }) {
    const { lab, signal } = context;
    for (const node of nodes) {
      if ((await lab.power.state(node.name, signal)) !== 'running') await lab.power.start(node.name, signal);
      await lab.onNode(node.name, restore, { signal, timeoutMs: 20_000 });
      await stopDeadMan(lab, node.name, name, signal);
    }
    await untilBack(context, nodes);
  },
  landed: underMemoryPressure,
};
