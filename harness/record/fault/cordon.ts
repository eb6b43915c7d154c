import { z } from 'zod';
import type { CordonPlan } from '../../witness/drain.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { cordonedNode, cordonNode, readCordon, restoreCordon } from './cordoned.ts';
import type { LabFault } from './fault.ts';
import { chooseNodes, nodeChoice } from './targets.ts';

const params = z.strictObject({ nodes: nodeChoice });

/** Keeps new pods away from nodes. Running pods stay. */
export const cordon = builderOf<LabFault<CordonPlan, typeof params>>({
  name: 'cordon',
  touches: 'nodes',
  does: 'marks nodes unschedulable; their pods keep running',
  standsFor: 'kubectl cordon',
  undone: 'uncordons the nodes that were not cordoned before',
  causes: [],
  example: { params: { nodes: { pick: 'most-replicas' } } },
  params,
  planned: z.strictObject({ nodes: z.array(cordonedNode) }),
  recorded: z.object({ nodes: z.array(z.object({ name: z.string(), wasCordoned: z.boolean() })) }),

  async plan(context, { nodes }) {
    const chosen = await chooseNodes(context, nodes);
    return { nodes: await Promise.all(chosen.map(({ name }) => readCordon(context.kube, name))) };
  },
  async inject({ kube }, { nodes }) {
    await Promise.all(nodes.map((node) => cordonNode(kube, node)));
  },
  async heal({ kube }, { nodes }) {
    await Promise.all(nodes.map((node) => restoreCordon(kube, node)));
  },
  landed: witnesses.cordon,
});
