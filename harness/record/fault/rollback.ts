import { z } from 'zod';
import type { KubernetesObject } from '../../sys/kube.ts';
import { type RolloutPlan, rolledOut } from '../../witness/rollout.ts';
import { deploymentRef, readDeployment, versionPatch } from './deployment.ts';
import { type NamespaceContext, type NamespaceFault, NoTarget } from './fault.ts';
import { planRollout, rolloutFields } from './rollout-plan.ts';

type ReplicaSet = KubernetesObject & {
  readonly spec?: { readonly template?: { readonly metadata?: { readonly labels?: { readonly version?: string } } } };
};

const revisionOf = ({ metadata }: KubernetesObject): number =>
  Number(metadata?.annotations?.['deployment.kubernetes.io/revision'] ?? 0);

/** The version of the revision before the one that runs, as the Deployment's ReplicaSets remember it. */
async function versionBefore(context: NamespaceContext): Promise<string> {
  const { metadata } = await readDeployment(context);
  const { items } = await context.kube.list<ReplicaSet>('apps/v1', 'ReplicaSet', context.namespace);
  const own = items
    .filter((set) => set.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.uid))
    .sort((one, other) => revisionOf(other) - revisionOf(one));
  const version = own[1]?.spec?.template?.metadata?.labels?.version;
  if (!version) throw new NoTarget(`${context.deployment} has no version before this one to go back to`);
  return version;
}

/** Back to the version before. */
export const rollback: NamespaceFault<RolloutPlan, Record<string, never>> = {
  name: 'rollback',
  touches: 'namespace',
  does: 'gives the Deployment’s template the version that it had before the last rollout',
  faithfulTo: 'kubectl rollout undo: the same strategy as any other rollout',
  undone: 'not at all: the workload goes with its namespace',
  params: z.strictObject({}),
  planned: z.strictObject(rolloutFields),
  async plan(context) {
    const before = await versionBefore(context);
    return planRollout(context, () => before);
  },
  async inject({ kube, namespace }, { deployment, to }) {
    await kube.patch(deploymentRef(namespace, deployment), versionPatch(to));
  },
  async heal() {},
  landed: rolledOut,
};
