import { z } from 'zod';
import { templateRevision } from '../../sys/template-revision.ts';
import type { RolloutPlan } from '../../witness/rollout.ts';
import { currentRevision } from './current-revision.ts';
import { type NamespaceContext, NoTarget } from './fault.ts';
import { type OwnerObject, ownerInWords, ownerSchema, podsOfOwner, readOwner } from './owner.ts';

/** The fields of the plan of every rollout. */
export const rolloutFields = {
  owner: ownerSchema,
  generation: z.int(),
  from: z.string(),
  oldPods: z.array(z.string()),
};

/** The schema of the plan of a rollout in a journal. In older journals it also names the version that was rolled out. */
export const plannedRollout = <Plan>(plan: z.ZodType<Plan>): z.ZodType<Plan> => z.preprocess(withoutVersion, plan);

function withoutVersion(plan: unknown): unknown {
  if (typeof plan !== 'object' || plan === null) return plan;
  const { to: _, ...rest } = plan as { readonly to?: unknown };
  return rest;
}

/** Why the controller of an owner replaces no pod, or not every pod, when the template changes; undefined if it does. */
function whyNotReplaced({ spec }: OwnerObject): string | undefined {
  if (!spec) return undefined;
  if ('paused' in spec && spec.paused) return 'is paused. Resume it: kubectl rollout resume';
  if (!('updateStrategy' in spec)) return undefined;
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  if (type === 'OnDelete') return 'has the update strategy OnDelete, so no pod would be replaced. Use RollingUpdate';
  if (rollingUpdate?.partition)
    return `has the partition ${rollingUpdate.partition}, so not every pod would be replaced. Set it to 0`;
  return undefined;
}

/**
 * Plans a rollout from the current revision. Only reads. Throws `NoTarget` if there is no revision yet, or if a new
 * template would not replace every pod.
 */
export async function planRollout(context: NamespaceContext): Promise<RolloutPlan> {
  const found = await readOwner(context);
  const whyNot = whyNotReplaced(found);
  if (whyNot !== undefined) throw new NoTarget(`${ownerInWords(context)} ${whyNot}`);
  const from = await currentRevision(context, found);
  if (from === '') throw new NoTarget(`${ownerInWords(context)} has no revision yet. Try again when it has pods`);
  const pods = (await podsOfOwner(context, found)).filter((pod) => templateRevision(pod) === from);
  return {
    owner: context.owner,
    generation: found.metadata?.generation ?? 0,
    from,
    oldPods: pods.map((pod) => pod.metadata?.name ?? ''),
  };
}
