import { z } from 'zod';
import type { Json } from '../../model/units.ts';
import type { KubernetesObject, V1Deployment } from '../../sys/kube.ts';
import { type RolloutPlan, rolledOut } from '../../witness/rollout.ts';
import { changesBetween, takeBack } from '../foreign/changes.ts';
import { deploymentRef, readDeployment } from './deployment.ts';
import { type NamespaceContext, type NamespaceFault, NoTarget } from './fault.ts';
import { planRollout, rolloutFields } from './rollout-plan.ts';

type Template = NonNullable<V1Deployment['spec']>['template'];
type ReplicaSet = KubernetesObject & { readonly spec?: { readonly template?: Template } };

const revisionOf = ({ metadata }: KubernetesObject): number =>
  Number(metadata?.annotations?.['deployment.kubernetes.io/revision'] ?? 0);

/** The template of the revision before the one that runs, as the Deployment's ReplicaSets remember it. */
async function templateBefore(context: NamespaceContext, { metadata }: V1Deployment): Promise<Template> {
  const { items } = await context.kube.list<ReplicaSet>('apps/v1', 'ReplicaSet', context.namespace);
  const own = items
    .filter((set) => set.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.uid))
    .sort((one, other) => revisionOf(other) - revisionOf(one));
  const template = own[1]?.spec?.template;
  if (!template?.metadata?.labels?.version)
    throw new NoTarget(`${context.deployment} has no version before this one to go back to`);
  // The controller's own word for a ReplicaSet.
  const { 'pod-template-hash': _, ...labels } = template.metadata.labels;
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** Back to the version before. */
export const rollback: NamespaceFault<
  RolloutPlan & { readonly patch: { readonly [key: string]: Json } },
  Record<string, never>,
  RolloutPlan
> = {
  name: 'rollback',
  touches: 'namespace',
  does: 'gives the Deployment the template that it had before the last rollout',
  faithfulTo: 'kubectl rollout undo: the same strategy as any other rollout',
  undone: 'not at all: the workload goes with its namespace',
  params: z.strictObject({}),
  planned: z.strictObject({ ...rolloutFields, patch: z.record(z.string(), z.json()) }),
  recorded: z.object(rolloutFields),
  async plan(context) {
    const now = await readDeployment(context);
    const before = await templateBefore(context, now);
    const rollout = await planRollout(context, () => before.metadata?.labels?.version ?? '');
    const changes = changesBetween({ spec: { template: before } }, { spec: { template: now.spec?.template } });
    return { ...rollout, patch: takeBack(now, changes).patch as { readonly [key: string]: Json } };
  },
  async inject({ kube, namespace }, { deployment, patch }) {
    await kube.patch(deploymentRef(namespace, deployment), patch);
  },
  async heal() {},
  landed: rolledOut,
};
