import { z } from 'zod';
import type { DelayPlan } from '../../witness/network.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { whenSlow } from './causes.ts';
import { type LabContext, type LabFault, NoTarget, NotPossibleHere } from './fault.ts';
import { healTimerMs, startHealTimer, stopHealTimer } from './heal-timer.ts';
import { ownerInWords } from './owner.ts';
import { chooseNodes, nodeChoice, podsOf } from './targets.ts';

const params = z.strictObject({
  nodes: nodeChoice,
  delayMs: z.int().min(10).max(10_000).default(200).describe('how long to delay each packet'),
});
const name = 'network-delay';
const card = 'eth0';
const removal = ['tc', 'qdisc', 'delete', 'dev', card, 'root'];

/** A trial in its own network namespace, which ends with it. Only a trial shows whether the kernel has netem. */
const trial = ['unshare', '--net', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'];

async function probe({ lab, signal }: LabContext, node: string): Promise<void> {
  await lab.onNode(node, trial, { signal, timeoutMs: 10_000 }).catch((error: Error) => {
    signal.throwIfAborted();
    throw new NotPossibleHere(`this kernel has no netem (NET_SCH_NETEM): ${error.message.split('\n').at(-1)}`);
  });
}

async function remove({ lab, signal }: LabContext, node: string): Promise<void> {
  const { stdout } = await lab.onNode(node, ['tc', 'qdisc', 'show', 'dev', card], { signal, timeoutMs: 10_000 });
  if (stdout.includes('netem')) await lab.onNode(node, removal, { signal, timeoutMs: 10_000 });
}

/** Delays the packets of nodes. */
export const networkDelay = builderOf<LabFault<DelayPlan, typeof params>>({
  name,
  touches: 'nodes',
  does: 'delays every packet that nodes send, in their kernel (netem)',
  standsFor: 'a slow or congested network path to a node, also to the API server; skipped if the kernel has no netem',
  undone: 'removes the delay; otherwise a timer in the node removes it',
  endsByItselfMs: healTimerMs,
  asksPods: true,
  causes: ['lost-with-its-node', 'node-down', 'not-listening-yet', 'http-error', ...whenSlow],
  example: { params: { nodes: { pick: 'most-replicas' } } },
  params,
  planned: z.strictObject({
    nodes: z.array(z.strictObject({ name: z.string() })),
    pods: z.array(z.string()),
    delayMs: z.number(),
  }),
  recorded: z.object({
    nodes: z.array(z.object({ name: z.string() })),
    pods: z.array(z.string()),
    delayMs: z.number(),
  }),
  async plan(context, { nodes, delayMs }) {
    const chosen = (await chooseNodes(context, nodes)).map((node) => ({ name: node.name }));
    for (const node of chosen) await probe(context, node.name);
    const on = new Set(chosen.map((node) => node.name));
    const pods = (await podsOf(context)).filter(({ spec }) => on.has(spec?.nodeName ?? ''));
    if (pods.length === 0) throw new NoTarget(`no pod of ${ownerInWords(context)} on ${[...on].join(', ')}`);
    return { nodes: chosen, pods: pods.map(({ metadata }) => metadata?.name ?? ''), delayMs };
  },
  async inject(context, { nodes, delayMs }) {
    const { lab, signal } = context;
    for (const node of nodes) {
      await startHealTimer(lab, { node: node.name, fault: name, command: removal }, signal);
      const add = ['tc', 'qdisc', 'replace', 'dev', card, 'root', 'netem', 'delay', `${delayMs}ms`];
      await lab.onNode(node.name, add, { signal, timeoutMs: 10_000 });
    }
  },
  async heal(context, { nodes }) {
    for (const node of nodes) {
      if ((await context.lab.power.state(node.name, context.signal)) !== 'running') continue;
      await remove(context, node.name);
      await stopHealTimer(context.lab, node.name, name, context.signal);
    }
  },
  landed: witnesses['network-delay'],
});
