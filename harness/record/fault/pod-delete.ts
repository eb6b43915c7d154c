import { z } from 'zod';
import type { V1Pod } from '../../sys/kube.ts';
import { type PodsPlan, podsReplaced } from '../../witness/pods.ts';
import { type NamespaceContext, type NamespaceFault, NoTarget } from './fault.ts';
import { podsOf } from './targets.ts';

const params = z.strictObject({ count: z.union([z.int().positive(), z.literal('all')]).default(1) });
type Params = z.infer<typeof params>;

const name = ({ metadata }: V1Pod): string => metadata?.name ?? '';

async function choosePods(context: NamespaceContext, { count }: Params): Promise<PodsPlan> {
  const pods = (await podsOf(context)).filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  const sorted = pods.map(name).sort();
  const chosen = count === 'all' ? sorted : sorted.slice(0, count);
  if (chosen.length === 0 || (count !== 'all' && chosen.length < count))
    throw new NoTarget(`${count} pods of ${context.deployment} wanted, and there are ${sorted.length}`);
  return { pods: chosen.map((pod) => ({ name: pod })), replicas: sorted.length };
}

const podFault = (
  own: Pick<NamespaceFault<PodsPlan, Params>, 'name' | 'does' | 'faithfulTo'>,
  graceSeconds?: number,
): NamespaceFault<PodsPlan, Params> => ({
  ...own,
  touches: 'namespace',
  undone: 'by the controller, which makes new ones',
  params,
  planned: z.strictObject({ pods: z.array(z.strictObject({ name: z.string() })), replicas: z.number() }),
  plan: choosePods,
  async inject({ kube, namespace }, { pods }) {
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace };
    await Promise.all(pods.map((pod) => kube.remove({ ...ref, ...pod }, graceSeconds)));
  },
  async heal() {},
  landed: podsReplaced,
});

export const podDelete = podFault({
  name: 'pod-delete',
  does: 'deletes pods, which get their hooks and their grace period',
  faithfulTo: 'kubectl delete pod; no disruption budget is asked',
});

export const podForceDelete = podFault(
  {
    name: 'pod-force-delete',
    does: 'deletes pods with no grace period at all',
    faithfulTo: 'kubectl delete pod --force: the hook is skipped, and the API forgets the pod before its process ends',
  },
  0,
);
