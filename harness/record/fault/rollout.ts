import type { V1Deployment } from '../../sys/kube.ts';
import type { Fault, FaultContext } from './fault.ts';

/** `oldPods` are those that must be gone before the rollout counts as done. */
type RolloutPlan = {
  readonly deployment: string;
  readonly generation: number;
  readonly from: string;
  readonly to: string;
  readonly oldPods: readonly string[];
};

const refOf = (context: FaultContext, name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  name,
  namespace: context.namespace,
});

/** A new version of the workload: its template's version label changes, so every pod is replaced. */
export const rollout: Fault<RolloutPlan> = {
  name: 'rollout',

  async plan(context) {
    const ref = refOf(context, context.deployment);
    const deployment = await context.lab.kube.read<V1Deployment>(ref);
    const from = deployment?.spec?.template.metadata?.labels?.version;
    if (!deployment || !from)
      throw new Error(`no deployment ${ref.namespace}/${ref.name} with a version label to roll out`);
    const pods = await context.lab.kube.list('v1', 'Pod', context.namespace, `app=web,version=${from}`);
    return {
      deployment: ref.name,
      generation: deployment.metadata?.generation ?? 0,
      from,
      to: String(Number(from) + 1),
      oldPods: pods.items.map(({ metadata }) => metadata?.name ?? ''),
    };
  },

  async inject(context, { deployment, to }) {
    await context.lab.kube.patch(refOf(context, deployment), {
      spec: { template: { metadata: { labels: { version: to } } } },
    });
  },

  /** A rollout breaks nothing that outlives it: the workload goes with its arm's namespace. */
  async heal() {},

  landed(world, { deployment, generation, to, oldPods }) {
    const state = world.deployments.get(deployment);
    if (!state || state.observedGeneration <= generation)
      return { waitingFor: 'the controller to see the new version' };
    if (state.updated < state.desired)
      return { waitingFor: `${state.updated} of ${state.desired} pods to be version ${to}` };
    if (state.available < state.desired)
      return { waitingFor: `${state.available} of ${state.desired} to be available` };
    const left = oldPods.filter((pod) => world.pods.has(pod));
    return left.length > 0 ? { waitingFor: `${left.join(', ')} to be gone` } : { done: true };
  },
};
