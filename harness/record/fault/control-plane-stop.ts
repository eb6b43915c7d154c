import { z } from 'zod';
import type { ControlPlanePlan } from '../../witness/control-plane.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { helperSelector } from '../lab/helpers.ts';
import { controlPlaneOf, untilApiReady } from './api-server-down.ts';
import { builderOf, noParams } from './builder.ts';
import { type LabContext, type LabFault, NoTarget } from './fault.ts';
import { untilNodesReady, untilStarted } from './node-return.ts';

const graceSeconds = 10;

/** Throws `NoTarget` if the traffic comes from the node, because it would stop with the node. */
async function refuseGenerator({ lab, kube, helpersNamespace }: LabContext, node: string): Promise<void> {
  if (lab.generator.name !== node) return;
  const { items } = await kube.list('v1', 'Pod', helpersNamespace, helperSelector('generator'));
  if (items.length > 0)
    throw new NoTarget(`the traffic comes from ${node}. Send it from a worker: --set trafficFrom=worker`);
}

/** Shuts down the machine of the control plane, with API server, etcd, controllers, scheduler and CoreDNS. */
export const controlPlaneStop = builderOf<LabFault<ControlPlanePlan, typeof noParams>>({
  name: 'control-plane-stop',
  touches: 'nodes',
  does: `shuts down the node of the control plane, with SIGKILL after ${graceSeconds} s`,
  standsFor: 'the loss of the only control-plane machine, including all CoreDNS pods',
  undone: 'starts the node and waits until the API server answers and the node reports',
  breaksRoutes: true,
  silencesWatches: true,
  causes: [],
  example: { params: {} },
  params: noParams,
  planned: z.strictObject({ nodes: z.array(z.strictObject({ name: z.string() })).length(1) }),
  recorded: z.object({ nodes: z.array(z.object({ name: z.string() })) }),

  async plan(context) {
    const name = controlPlaneOf(context);
    await refuseGenerator(context, name);
    return { nodes: [{ name }] };
  },
  async inject({ lab, signal }, { nodes }) {
    for (const { name } of nodes) await lab.power.stop(name, graceSeconds, signal);
  },
  heal: (context, { nodes }) => untilStarted(context, nodes),
  async waitForReturn(context, { nodes }) {
    await untilNodesReady(context, nodes);
    await untilApiReady(context);
  },
  landed: witnesses['control-plane-stop'],
});
