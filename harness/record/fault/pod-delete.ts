import { z } from 'zod';
import type { PodsPlan } from '../../witness/pods.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf, type FaultBuilder } from './builder.ts';
import { whenPodsEnd } from './causes.ts';
import type { NamespaceFault } from './fault.ts';
import { choosePods, podCount } from './targets.ts';

const params = z.strictObject({ count: podCount });

const podFault = (
  own: Pick<NamespaceFault<PodsPlan, typeof params>, 'name' | 'does' | 'standsFor'>,
  graceSeconds?: number,
): FaultBuilder<NamespaceFault<PodsPlan, typeof params>> =>
  builderOf<NamespaceFault<PodsPlan, typeof params>>({
    ...own,
    touches: 'namespace',
    undone: 'by the controller, which creates new pods',
    causes: whenPodsEnd,
    example: { params: {} },
    params,
    planned: z.strictObject({ pods: z.array(z.strictObject({ name: z.string() })), replicas: z.number() }),
    recorded: z.object({ pods: z.array(z.object({ name: z.string() })), replicas: z.number() }),
    async plan(context, { count }) {
      const { chosen, all } = await choosePods(context, count);
      return { pods: chosen.map(({ metadata }) => ({ name: metadata?.name ?? '' })), replicas: all };
    },
    async inject({ kube, namespace }, { pods }) {
      const ref = { apiVersion: 'v1', kind: 'Pod', namespace };
      await Promise.all(pods.map((pod) => kube.remove({ ...ref, ...pod }, graceSeconds)));
    },
    async heal() {},
    landed: witnesses['pod-delete'],
  });

export const podDelete = podFault({
  name: 'pod-delete',
  does: 'deletes pods with their preStop hooks and grace period',
  standsFor: 'kubectl delete pod; disruption budgets do not apply',
});

export const podForceDelete = podFault(
  {
    name: 'pod-force-delete',
    does: 'deletes pods without a grace period',
    standsFor:
      'kubectl delete pod --force: the preStop hook is skipped, and the pod object is removed before its process ends',
  },
  0,
);
