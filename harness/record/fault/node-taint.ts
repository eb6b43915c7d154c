import { z } from 'zod';
import type { V1Node } from '../../sys/kube.ts';
import type { TaintPlan } from '../../witness/taint.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { whenNodesEmpty } from './causes.ts';
import type { LabContext, LabFault } from './fault.ts';
import { chooseNodes, nodeChoice, podsOf } from './targets.ts';

const key = 'holdfast.dev/taint';
const effect = z.enum(['NoSchedule', 'NoExecute']);
const params = z.strictObject({
  nodes: nodeChoice,
  effect: effect.default('NoExecute').describe('NoSchedule keeps new pods away; NoExecute also evicts running pods'),
});

const refOf = (name: string) => ({ apiVersion: 'v1', kind: 'Node', name });

/** All other taints of a node. The list is replaced as a whole, so taints that others added must be kept. */
async function otherTaints({ kube }: LabContext, name: string) {
  const node = await kube.read<V1Node>(refOf(name));
  return (node?.spec?.taints ?? []).filter((taint) => taint.key !== key);
}

/** Taints nodes so that pods do not tolerate them. */
export const nodeTaint = builderOf<LabFault<TaintPlan, typeof params>>({
  name: 'node-taint',
  touches: 'nodes',
  does: 'taints nodes: NoSchedule keeps new pods away, NoExecute also evicts running pods',
  standsFor:
    'kubectl taint, and the reaction of the node controller to an unhealthy node; disruption budgets do not apply',
  undone: 'removes its taint; evicted pods do not move back',
  causes: whenNodesEmpty,
  example: { params: { nodes: { pick: 'most-replicas' } } },
  params,
  planned: z.strictObject({
    nodes: z.array(z.strictObject({ name: z.string() })),
    effect,
    key: z.literal(key),
    pods: z.array(z.string()),
  }),
  recorded: z.object({
    nodes: z.array(z.object({ name: z.string() })),
    effect,
    key: z.literal(key),
    pods: z.array(z.string()),
  }),

  async plan(context, { nodes, effect }) {
    const chosen = (await chooseNodes(context, nodes)).map(({ name }) => ({ name }));
    const on = new Set(chosen.map(({ name }) => name));
    const pods = (await podsOf(context)).filter(({ spec }) => on.has(spec?.nodeName ?? ''));
    return { nodes: chosen, effect, key, pods: pods.map(({ metadata }) => metadata?.name ?? '') };
  },
  async inject(context, { nodes, effect }) {
    await Promise.all(
      nodes.map(async ({ name }) => {
        const taints = [...(await otherTaints(context, name)), { key, effect }];
        await context.kube.patch(refOf(name), { spec: { taints } });
      }),
    );
  },
  async heal(context, { nodes }) {
    await Promise.all(
      nodes.map(async ({ name }) => {
        await context.kube.patch(refOf(name), { spec: { taints: await otherTaints(context, name) } });
      }),
    );
  },
  landed: witnesses['node-taint'],
});
