import { z } from 'zod';
import type { KubernetesObject, ObjectRef, V1Deployment } from '../../sys/kube.ts';
import type { RolloutPlan } from '../../witness/rollout.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf, noParams } from './builder.ts';
import { whenPodsEnd } from './causes.ts';
import { type NamespaceContext, type NamespaceFault, NoTarget } from './fault.ts';
import { ownerInWords, ownerRef, readDeployment } from './owner.ts';
import { planRollout, rolloutFields } from './rollout-plan.ts';

type Template = NonNullable<V1Deployment['spec']>['template'];
type ReplicaSet = KubernetesObject & { readonly spec?: { readonly template?: Template } };

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

const revisionOf = ({ metadata }: KubernetesObject): number =>
  Number(metadata?.annotations?.['deployment.kubernetes.io/revision'] ?? 0);

/** The ReplicaSet of the previous revision. */
async function replicaSetBefore(context: NamespaceContext, { metadata }: V1Deployment): Promise<ReplicaSet> {
  const { items } = await context.kube.list<ReplicaSet>('apps/v1', 'ReplicaSet', context.namespace);
  const own = items
    .filter((set) => set.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.uid))
    .sort((one, other) => revisionOf(other) - revisionOf(one));
  const before = own[1];
  if (!before?.spec?.template?.metadata?.labels?.version)
    throw new NoTarget(`${ownerInWords(context)} has no previous version`);
  return before;
}

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
  if (!found || !template || found.metadata?.uid !== uid || revisionOf(found) !== revision)
    throw new NoTarget(`ReplicaSet ${name} no longer has revision ${revision}`);
  // The Deployment controller adds this label to each ReplicaSet.
  const { 'pod-template-hash': _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** Returns to the previous version. */
export const rollback = builderOf<NamespaceFault<RollbackPlan, typeof noParams, RolloutPlan>>({
  name: 'rollback',
  touches: 'namespace',
  does: 'restores the template that the Deployment had before the last rollout',
  standsFor: 'kubectl rollout undo; it uses the same strategy as any rollout',
  undone: 'with the namespace, which is deleted after the arm',
  causes: whenPodsEnd,
  example: { params: {}, after: { name: 'rollout', params: {} } },
  params: noParams,
  planned: z.union([z.strictObject({ ...rolloutFields, template: templateSource }), olderPlan]),
  recorded: z.object({ ...rolloutFields, template: templateSource }),
  async plan(context) {
    const before = await replicaSetBefore(
      context,
      await readDeployment(context, 'Only the earlier templates of a Deployment are kept in ReplicaSets'),
    );
    const rollout = await planRollout(context, () => before.spec?.template?.metadata?.labels?.version ?? '');
    const { name = '', uid = '' } = before.metadata ?? {};
    return { ...rollout, template: { replicaSet: name, uid, revision: revisionOf(before) } };
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
