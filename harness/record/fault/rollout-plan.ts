import { z } from 'zod';
import type { RolloutPlan } from '../../witness/rollout.ts';
import { type NamespaceContext, NoTarget } from './fault.ts';
import { ownerInWords, ownerSchema, podsOfOwner, readOwner } from './owner.ts';

/** The fields of the plan of every rollout. */
export const rolloutFields = {
  owner: ownerSchema,
  generation: z.int(),
  from: z.string(),
  to: z.string(),
  oldPods: z.array(z.string()),
};

/** Plans a rollout from the current version. Throws `NoTarget` if the owner has no version label. */
export async function planRollout(
  context: NamespaceContext,
  toVersion: (from: string) => string,
): Promise<RolloutPlan> {
  const found = await readOwner(context);
  const from = found.spec?.template.metadata?.labels?.version;
  if (!from) throw new NoTarget(`${ownerInWords(context)} has no version label to roll out`);
  const pods = (await podsOfOwner(context, found)).filter(({ metadata }) => metadata?.labels?.version === from);
  return {
    owner: context.owner,
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
