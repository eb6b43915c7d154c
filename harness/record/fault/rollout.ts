import { z } from 'zod';
import type { RolloutPlan, StuckPlan } from '../../witness/rollout.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf, noParams } from './builder.ts';
import { whenPodsEnd } from './causes.ts';
import type { NamespaceFault } from './fault.ts';
import { ownerRef, readDeployment } from './owner.ts';
import { rolloutPatch } from './rollout-patch.ts';
import { plannedRollout, planRollout, rolloutFields } from './rollout-plan.ts';

const params = z.strictObject({
  finishes: z
    .boolean()
    .default(true)
    .describe('true: the rollout must complete; false: its first new pod must stay unschedulable until the time limit'),
  timeLimitMs: z.int().positive().default(20_000).describe('how long to observe a rollout that must not complete'),
});

const withItsNamespace = 'with the namespace, which is deleted after the arm';

/** Rolls out a new revision of the template: an annotation of it changes, so every pod is replaced. */
export const rollout = builderOf<NamespaceFault<StuckPlan, typeof params>>({
  name: 'rollout',
  touches: 'namespace',
  does: 'changes an annotation in the template of the workload, so that every pod is replaced',
  standsFor: 'kubectl set image, or a new release',
  undone: withItsNamespace,
  causes: whenPodsEnd,
  example: { params: {} },
  params,
  planned: plannedRollout(z.strictObject({ ...rolloutFields, finishes: z.boolean(), timeLimitMs: z.number() })),
  recorded: z.object({ ...rolloutFields, finishes: z.boolean(), timeLimitMs: z.number() }),
  async plan(context, chosen) {
    if (!chosen.finishes)
      await readDeployment(context, 'A StatefulSet removes each old pod before it creates the new one');
    return { ...(await planRollout(context)), ...chosen };
  },
  async inject(context, plan) {
    const { kube, namespace } = context;
    await kube.patch(ownerRef(namespace, plan.owner), rolloutPatch(context, plan));
  },
  async heal() {},
  landed: witnesses.rollout,
});

/** Restarts the workload: every pod is replaced by an equal one. */
export const restart = builderOf<NamespaceFault<RolloutPlan, typeof noParams>>({
  name: 'restart',
  touches: 'namespace',
  does: 'sets the restart annotation in the template of the workload, so that every pod is replaced by an equal one',
  standsFor: 'kubectl rollout restart',
  undone: withItsNamespace,
  causes: whenPodsEnd,
  example: { params: {} },
  params: noParams,
  planned: plannedRollout(z.strictObject(rolloutFields)),
  recorded: z.object(rolloutFields),
  plan: planRollout,
  async inject({ kube, namespace }, { owner }) {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
    await kube.patch(ownerRef(namespace, owner), { spec: { template: { metadata: { annotations } } } });
  },
  async heal() {},
  landed: witnesses.restart,
});
