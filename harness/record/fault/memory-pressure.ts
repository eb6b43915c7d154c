import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { MemoryPressurePlan } from '../../witness/memory-pressure.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { whenNodesEmpty } from './causes.ts';
import { type LabContext, type LabFault, NoTarget } from './fault.ts';
import { healTimerMs, startHealTimer, stopHealTimer } from './heal-timer.ts';
import { untilNodesReady, untilStarted } from './node-return.ts';
import { ownerInWords } from './owner.ts';
import { chooseNodes, nodeChoice, podsOf } from './targets.ts';

const params = z.strictObject({ nodes: nodeChoice });
const name = 'memory-pressure';
const config = '/var/lib/kubelet/config.yaml';
const before = '/var/lib/kubelet/config.yaml.holdfast';

const resource = 'memory.available';
/**
 * More memory than a node ever has free, because its own daemons use more than 0.1 %. A hard threshold would also
 * reduce the allocatable memory of the node.
 */
const threshold = '99.9%';
const graceSeconds = 1;

/** Restores the configuration. Has no effect if it was not changed. */
const restore = ['sh', '-c', 'test ! -e "$1" || { mv "$1" "$2" && systemctl restart kubelet; }', 'sh', before, config];

/**
 * The configuration with a threshold that makes the node always report memory pressure, and evict pods as soon as
 * possible.
 */
export function withThreshold(text: string): string {
  const thresholds = z.record(z.string(), z.string()).optional();
  const kubelet = z.looseObject({ evictionSoft: thresholds, evictionSoftGracePeriod: thresholds }).parse(parse(text));
  return stringify({
    ...kubelet,
    evictionSoft: { ...kubelet.evictionSoft, [resource]: threshold },
    evictionSoftGracePeriod: { ...kubelet.evictionSoftGracePeriod, [resource]: `${graceSeconds}s` },
    evictionMaxPodGracePeriod: graceSeconds,
  });
}

async function press(context: LabContext, node: string): Promise<void> {
  const { lab } = context;
  const limits = { signal: context.signal, timeoutMs: 20_000 };
  await startHealTimer(lab, { node, fault: name, command: restore }, context.signal);
  // An existing copy holds the original configuration, so it is kept.
  await lab.onNode(node, ['cp', '--no-clobber', config, before], limits);
  const { stdout } = await lab.onNode(node, ['cat', before], limits);
  await lab.onNode(node, ['cp', '/dev/stdin', config], { ...limits, input: withThreshold(stdout) });
  await lab.onNode(node, ['systemctl', 'restart', 'kubelet'], limits);
}

/** Makes the kubelets of nodes report memory pressure and evict pods. */
export const memoryPressure = builderOf<LabFault<MemoryPressurePlan, typeof params>>({
  name,
  touches: 'nodes',
  does: 'raises the eviction threshold of nodes above their free memory, so that their kubelets evict pods',
  standsFor:
    'a node that runs out of memory, as the kubelet sees it: the condition, the taint and evictions with 1 s of grace and without disruption budgets; memory is not really short, so the kernel kills no process',
  undone: 'restores the configuration of the kubelets; otherwise a timer in the node restores it',
  endsByItselfMs: healTimerMs,
  causes: whenNodesEmpty,
  example: { params: { nodes: { pick: 'most-replicas' } } },
  params,
  planned: z.strictObject({ nodes: z.array(z.strictObject({ name: z.string() })), pods: z.array(z.string()) }),
  recorded: z.object({ nodes: z.array(z.object({ name: z.string() })), pods: z.array(z.string()) }),

  async plan(context, { nodes }) {
    const chosen = (await chooseNodes(context, nodes)).map((node) => ({ name: node.name }));
    const on = new Set(chosen.map((node) => node.name));
    const pods = (await podsOf(context)).filter(({ spec }) => on.has(spec?.nodeName ?? ''));
    if (pods.length === 0) throw new NoTarget(`no pod of ${ownerInWords(context)} on ${[...on].join(', ')}`);
    return { nodes: chosen, pods: pods.map(({ metadata }) => metadata?.name ?? '') };
  },
  async inject(context, { nodes }) {
    await Promise.all(nodes.map((node) => press(context, node.name)));
  },
  async heal(context, { nodes }) {
    const { lab } = context;
    await untilStarted(context, nodes);
    for (const node of nodes) {
      await lab.onNode(node.name, restore, { signal: context.signal, timeoutMs: 20_000 });
      await stopHealTimer(lab, node.name, name, context.signal);
    }
  },
  waitForReturn: (context, { nodes }) => untilNodesReady(context, nodes),
  landed: witnesses['memory-pressure'],
});
