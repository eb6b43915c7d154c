import { z } from 'zod';
import type { PowerPlan } from '../../witness/node-power.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf, type FaultBuilder } from './builder.ts';
import { whenNodesGo } from './causes.ts';
import { type LabContext, type LabFault, NoTarget } from './fault.ts';
import { untilNodesReady, untilStarted } from './node-return.ts';
import { chooseNodes, nodeChoice } from './targets.ts';

const params = z.strictObject({ nodes: nodeChoice });
const planned = z.strictObject({ nodes: z.array(z.strictObject({ name: z.string() })) });

const stopGraceSeconds = 10;

async function chooseRunning(context: LabContext, { nodes }: z.output<typeof params>): Promise<PowerPlan> {
  const chosen = await chooseNodes(context, nodes);
  for (const { name } of chosen) {
    const state = await context.lab.power.state(name, context.signal);
    if (state !== 'running') throw new NoTarget(`node ${name} is ${state} already`);
  }
  return { nodes: chosen.map(({ name }) => ({ name })) };
}

const each = ({ nodes }: PowerPlan, act: (node: string) => Promise<void>): Promise<unknown> =>
  Promise.all(nodes.map(({ name }) => act(name)));

const undone = 'starts them in the order of their addresses, and waits until each is Ready and reports';

const powerFault = (
  own: Pick<LabFault<PowerPlan, typeof params>, 'name' | 'does' | 'standsFor' | 'inject' | 'landed'>,
): FaultBuilder<LabFault<PowerPlan, typeof params>> =>
  builderOf<LabFault<PowerPlan, typeof params>>({
    ...own,
    touches: 'nodes',
    undone,
    breaksRoutes: true,
    causes: whenNodesGo,
    example: { params: { nodes: { pick: 'most-replicas' } } },
    params,
    planned,
    recorded: z.object({ nodes: z.array(z.object({ name: z.string() })) }),
    plan: chooseRunning,
    heal: (context, { nodes }) => untilStarted(context, nodes),
    waitForReturn: (context, { nodes }) => untilNodesReady(context, nodes),
  });

export const nodeKill = powerFault({
  name: 'node-kill',
  does: 'kills every process of nodes with SIGKILL, on all nodes at the same time',
  standsFor:
    'a power cut or a kernel panic, except for TCP: the kernel still runs and may send a FIN or RST before the network namespace is removed',
  inject: async ({ lab, signal }, plan) => void (await each(plan, (node) => lab.power.kill(node, signal))),
  landed: witnesses['node-kill'],
});

export const nodeStop = powerFault({
  name: 'node-stop',
  does: `shuts nodes down: the init system stops all services, and SIGKILL follows after ${stopGraceSeconds} s`,
  standsFor:
    'a clean shutdown of the operating system without a drain: processes get SIGTERM, but no preStop hook runs',
  inject: async ({ lab, signal }, plan) =>
    void (await each(plan, (node) => lab.power.stop(node, stopGraceSeconds, signal))),
  landed: witnesses['node-stop'],
});

export const nodePause = powerFault({
  name: 'node-pause',
  does: 'freezes every process of nodes',
  standsFor: 'a hung machine (grey failure): the kernel still accepts connections, but no process answers',
  inject: async ({ lab, signal }, plan) => void (await each(plan, (node) => lab.power.pause(node, signal))),
  landed: witnesses['node-pause'],
});

export const nodeRestart = powerFault({
  name: 'node-restart',
  does: 'kills nodes and restarts them at once',
  standsFor: 'a quick reboot: the node may never become not Ready, and its pods are restarted in place',
  inject: async ({ lab, signal }, plan) => {
    await each(plan, (node) => lab.power.kill(node, signal));
    for (const { name } of plan.nodes) await lab.power.start(name, signal);
  },
  landed: witnesses['node-restart'],
});
