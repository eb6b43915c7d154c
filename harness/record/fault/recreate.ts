import { z } from 'zod';
import type { V1Deployment } from '../../sys/kube.ts';
import type { RolloutPlan } from '../../witness/rollout.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf, noParams } from './builder.ts';
import { whenPodsEnd } from './causes.ts';
import type { NamespaceFault } from './fault.ts';
import { ownerRef, readDeployment } from './owner.ts';
import { rolloutPatch } from './rollout-patch.ts';
import { plannedRollout, planRollout, rolloutFields } from './rollout-plan.ts';

const amount = z.union([z.int(), z.string()]);
const strategy = z.strictObject({
  type: z.enum(['RollingUpdate', 'Recreate']),
  maxSurge: amount.nullable(),
  maxUnavailable: amount.nullable(),
});
type RecreatePlan = RolloutPlan & { readonly before: z.infer<typeof strategy> };

function strategyOf({ spec }: V1Deployment): RecreatePlan['before'] {
  const { type, rollingUpdate } = spec?.strategy ?? {};
  return {
    type: type === 'Recreate' ? 'Recreate' : 'RollingUpdate',
    maxSurge: rollingUpdate?.maxSurge ?? null,
    maxUnavailable: rollingUpdate?.maxUnavailable ?? null,
  };
}

/** Rolls out a new revision with the strategy Recreate, regardless of the strategy of the Deployment. */
export const recreate = builderOf<NamespaceFault<RecreatePlan, typeof noParams, RolloutPlan>>({
  name: 'recreate',
  touches: 'namespace',
  does: 'rolls out a new revision with the strategy Recreate: all old pods are removed before the first new one starts',
  standsFor: 'a new release of a Deployment that cannot run in two versions at once; disruption budgets do not apply',
  undone: 'restores the strategy of the Deployment',
  causes: whenPodsEnd,
  example: { params: {} },
  params: noParams,
  planned: plannedRollout(z.strictObject({ ...rolloutFields, before: strategy })),
  recorded: z.object(rolloutFields),
  plan: async (context) => ({
    ...(await planRollout(context)),
    before: strategyOf(await readDeployment(context, 'Only a Deployment has the strategy Recreate')),
  }),
  async inject(context, plan) {
    const { kube, namespace } = context;
    const { spec } = rolloutPatch(context, plan);
    await kube.patch(ownerRef(namespace, plan.owner), {
      spec: { ...spec, strategy: { type: 'Recreate', rollingUpdate: null } },
    });
  },
  async heal({ kube, namespace }, { owner, before: { type, ...rollingUpdate } }) {
    const ref = ownerRef(namespace, owner);
    if (type === 'Recreate' || !(await kube.read(ref))) return;
    await kube.patch(ref, { spec: { strategy: { type, rollingUpdate } } });
  },
  landed: witnesses.recreate,
});
