import { z } from 'zod';
import type { ScalePlan } from '../../witness/pods.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { whenPodsEnd } from './causes.ts';
import { deploymentRef, readDeployment } from './deployment.ts';
import { type NamespaceFault, NoTarget } from './fault.ts';
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
    deployment: z.string(),
    from: z.int(),
    to: z.int(),
    before: z.array(z.string()),
    pending: z.boolean(),
  }),
  recorded: z.object({
    deployment: z.string(),
    from: z.number(),
    to: z.number(),
    before: z.array(z.string()),
    pending: z.boolean(),
  }),

  async plan(context, { replicas: to, pending }) {
    const { deployment: name } = context;
    const from = (await readDeployment(context)).spec?.replicas ?? 1;
    if (from === to) throw new NoTarget(`${name} has ${to} replicas already`);
    const before = (await podsOf(context)).map(({ metadata }) => metadata?.name ?? '');
    return { deployment: name, from, to, before, pending };
  },
  async inject({ kube, namespace }, { deployment, to }) {
    await kube.patch(deploymentRef(namespace, deployment), { spec: { replicas: to } });
  },
  async heal({ kube, namespace }, { deployment, from }) {
    const ref = deploymentRef(namespace, deployment);
    if (await kube.read(ref)) await kube.patch(ref, { spec: { replicas: from } });
  },
  landed: witnesses.scale,
});
