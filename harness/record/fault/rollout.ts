import { z } from 'zod';
import type { V1Deployment } from '../../sys/kube.ts';
import { type RolloutPlan, rolledOut } from '../../witness/rollout.ts';
import { type NamespaceContext, type NamespaceFault, NoTarget } from './fault.ts';

const deploymentRef = ({ namespace }: NamespaceContext, name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  name,
  namespace,
});

/** A new version of the workload: its template's version label changes, so every pod is replaced. */
export const rollout: NamespaceFault<RolloutPlan, Record<string, never>> = {
  name: 'rollout',
  touches: 'namespace',
  does: 'changes the version of the Deployment’s template, so that every pod is replaced',
  faithfulTo: 'kubectl set image, or a new release: the controller does the rest',
  undone: 'not at all: the workload goes with its namespace',
  params: z.strictObject({}),
  planned: z.strictObject({
    deployment: z.string(),
    generation: z.int(),
    from: z.string(),
    to: z.string(),
    oldPods: z.array(z.string()),
  }),

  async plan(context) {
    const ref = deploymentRef(context, context.deployment);
    const deployment = await context.kube.read<V1Deployment>(ref);
    const from = deployment?.spec?.template.metadata?.labels?.version;
    if (!deployment || !from)
      throw new NoTarget(`no deployment ${ref.namespace}/${ref.name} with a version label to roll out`);
    const pods = await context.kube.list('v1', 'Pod', context.namespace, `app=web,version=${from}`);
    return {
      deployment: ref.name,
      generation: deployment.metadata?.generation ?? 0,
      from,
      to: String(Number(from) + 1),
      oldPods: pods.items.map(({ metadata }) => metadata?.name ?? ''),
    };
  },

  async inject(context, { deployment, to }) {
    await context.kube.patch(deploymentRef(context, deployment), {
      spec: { template: { metadata: { labels: { version: to } } } },
    });
  },

  async heal() {},
  landed: rolledOut,
};
