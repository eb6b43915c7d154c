import { z } from 'zod';
import type { ObjectRef } from '../../sys/kube.ts';
import type { RolloutPlan } from '../../witness/rollout.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf, noParams } from './builder.ts';
import { whenPodsEnd } from './causes.ts';
import { type NamespaceContext, type NamespaceFault, NoTarget } from './fault.ts';
import { ownerInWords, ownerRef, readDeployment } from './owner.ts';
import { type ReplicaSet, replicaSetsOf, revisionNumber, type Template } from './replica-sets.ts';
import { plannedRollout, planRollout, rolloutFields } from './rollout-plan.ts';

/**
 * The ReplicaSet with the wanted template: its name, UID and revision identify it. No value of the template is stored.
 */
const templateSource = z.strictObject({ replicaSet: z.string(), uid: z.string(), revision: z.int() });
type RollbackPlan = RolloutPlan & { readonly template: z.infer<typeof templateSource> };

/** A plan in an older journal. It held the patch with every value, which is not needed to heal. */
const olderPlan = z.strictObject({ ...rolloutFields, patch: z.record(z.string(), z.json()) }).transform(
  ({ patch: _, ...rollout }): RollbackPlan => ({
    ...rollout,
    template: { replicaSet: '', uid: '', revision: 0 },
  }),
);

/**
 * The template of the planned ReplicaSet. Throws `NoTarget` if the ReplicaSet was replaced or has another revision by
 * now.
 */
async function templateOf(
  { kube, namespace }: NamespaceContext,
  { template: { replicaSet: name, uid, revision } }: RollbackPlan,
): Promise<Template> {
  const ref: ObjectRef = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, namespace };
  const found = (await kube.readJson(ref)) as ReplicaSet | undefined;
  const template = found?.spec?.template;
  if (!found || !template || found.metadata?.uid !== uid || revisionNumber(found) !== revision)
    throw new NoTarget(`ReplicaSet ${name} no longer has revision ${revision}`);
  // The Deployment controller adds this label to each ReplicaSet.
  const { 'pod-template-hash': _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** Returns to the previous revision. */
export const rollback = builderOf<NamespaceFault<RollbackPlan, typeof noParams, RolloutPlan>>({
  name: 'rollback',
  touches: 'namespace',
  does: 'restores the template that the Deployment had before the last rollout',
  standsFor: 'kubectl rollout undo; it uses the same strategy as any rollout',
  undone: 'with the namespace, which is deleted after the arm',
  causes: whenPodsEnd,
  example: { params: {}, after: { name: 'rollout', params: {} } },
  params: noParams,
  planned: plannedRollout(z.union([z.strictObject({ ...rolloutFields, template: templateSource }), olderPlan])),
  recorded: z.object({ ...rolloutFields, template: templateSource }),
  async plan(context) {
    const [, before] = await replicaSetsOf(
      context,
      await readDeployment(context, 'Only a Deployment keeps its earlier templates in ReplicaSets'),
    );
    if (!before) throw new NoTarget(`${ownerInWords(context)} has no previous revision`);
    const { name = '', uid = '' } = before.metadata ?? {};
    const template = { replicaSet: name, uid, revision: revisionNumber(before) };
    return { ...(await planRollout(context)), template };
  },
  async inject(context, plan) {
    const value = await templateOf(context, plan);
    await context.kube.jsonPatch(ownerRef(context.namespace, plan.owner), [
      { op: 'replace', path: '/spec/template', value },
    ]);
  },
  async heal() {},
  landed: witnesses.rollback,
});
