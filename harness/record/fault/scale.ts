import { z } from 'zod';
import type { ScalePlan } from '../../witness/pods.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { whenPodsEnd } from './causes.ts';
import { type NamespaceFault, NoTarget } from './fault.ts';
import { ownerInWords, ownerRef, ownerSchema, readOwner } from './owner.ts';
import { podsOf } from './targets.ts';

const params = z.strictObject({
  replicas: z.int().min(0).max(50).describe('the new number of replicas'),
  pending: z.boolean().default(false).describe('true: the added pods must stay unschedulable'),
});

/** Changes the number of replicas. */
export const scale = builderOf<NamespaceFault<ScalePlan, typeof params>>({
  name: 'scale',
  touches: 'namespace',
  does: 'changes the number of replicas',
  standsFor: 'kubectl scale, or an autoscaler; disruption budgets do not apply',
  undone: 'restores the number of replicas',
  causes: whenPodsEnd,
  example: { params: { replicas: 5 } },
  params,
  planned: z.strictObject({
    owner: ownerSchema,
    from: z.int(),
    to: z.int(),
    before: z.array(z.string()),
    pending: z.boolean(),
  }),
  recorded: z.object({
    owner: ownerSchema,
    from: z.number(),
    to: z.number(),
    before: z.array(z.string()),
    pending: z.boolean(),
  }),

  async plan(context, { replicas: to, pending }) {
    const { owner } = context;
    const from = (await readOwner(context)).spec?.replicas ?? 1;
    if (from === to) throw new NoTarget(`${ownerInWords(context)} has ${to} replicas already`);
    const before = (await podsOf(context)).map(({ metadata }) => metadata?.name ?? '');
    return { owner, from, to, before, pending };
  },
  async inject({ kube, namespace }, { owner, to }) {
    await kube.patch(ownerRef(namespace, owner), { spec: { replicas: to } });
  },
  async heal({ kube, namespace }, { owner, from }) {
    const ref = ownerRef(namespace, owner);
    if (await kube.read(ref)) await kube.patch(ref, { spec: { replicas: from } });
  },
  landed: witnesses.scale,
});
