import { z } from 'zod';
import type { RolloutPlan } from '../../witness/rollout.ts';
import { podsOfDeployment, readDeployment } from './deployment.ts';
import { type NamespaceContext, NoTarget } from './fault.ts';

/** The fields of the plan of every rollout. */
export const rolloutFields = {
  deployment: z.string(),
  generation: z.int(),
  from: z.string(),
  to: z.string(),
  oldPods: z.array(z.string()),
};

/** Plans a rollout from the current version. Throws `NoTarget` if the Deployment has no version label. */
export async function planRollout(
  context: NamespaceContext,
  toVersion: (from: string) => string,
): Promise<RolloutPlan> {
  const found = await readDeployment(context);
  const from = found.spec?.template.metadata?.labels?.version;
  if (!from)
    throw new NoTarget(`deployment ${context.namespace}/${context.deployment} has no version label to roll out`);
  const pods = (await podsOfDeployment(context, found)).filter(({ metadata }) => metadata?.labels?.version === from);
  return {
    deployment: context.deployment,
    generation: found.metadata?.generation ?? 0,
    from,
    to: toVersion(from),
    oldPods: pods.map((pod) => pod.metadata?.name ?? ''),
  };
}

export function nextVersion(from: string): string {
  if (!/^\d{1,9}$/.test(from))
    throw new NoTarget(`version ${from} is not a whole number, so holdfast cannot tell the next version`);
  return String(Number(from) + 1);
}
