import { z } from 'zod';
import type { KubernetesObject } from '../../sys/kube.ts';
import type { PolicyPlan } from '../../witness/network.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf, noParams } from './builder.ts';
import { whenSlow } from './causes.ts';
import { type LabFault, NotPossibleHere } from './fault.ts';
import { readOwner } from './owner.ts';
import { podsOf } from './targets.ts';

const name = 'holdfast-denies';
const type = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };

/**
 * Pod networks that enforce policies. The pod network of the built node image does not. kindnet does it with NFT_QUEUE if the
 * kernel has it.
 */
const enforcedBy = /kindnet/;

/** Blocks all traffic to the workload. */
export const networkPolicy = builderOf<
  LabFault<PolicyPlan & { readonly labels: { readonly [name: string]: string } }, typeof noParams, PolicyPlan>
>({
  name: 'network-policy',
  touches: 'nodes',
  does: 'creates a NetworkPolicy that blocks all traffic to the pods of the workload',
  standsFor: 'a wrong policy; existing connections may continue; skipped if policies are not enforced',
  undone: 'deletes the policy',
  asksPods: true,
  causes: ['lost-with-its-node', 'node-down', ...whenSlow],
  example: { params: {} },
  params: noParams,
  planned: z.strictObject({ pods: z.array(z.string()), labels: z.record(z.string(), z.string()) }),
  recorded: z.object({ pods: z.array(z.string()) }),
  async plan(context) {
    const { cni } = context.lab.info.profile;
    if (!enforcedBy.test(cni))
      throw new NotPossibleHere(`the pod network of this lab (${cni}) enforces no NetworkPolicy`);
    const labels = (await readOwner(context)).spec?.selector.matchLabels ?? {};
    return { pods: (await podsOf(context)).map(({ metadata }) => metadata?.name ?? ''), labels };
  },
  async inject({ kube, namespace }, { labels }) {
    const spec = { podSelector: { matchLabels: labels }, policyTypes: ['Ingress'] };
    await kube.create({ ...type, metadata: { name, namespace }, spec } as KubernetesObject);
  },
  async heal({ kube, namespace }) {
    await kube.remove({ ...type, name, namespace });
  },
  landed: witnesses['network-policy'],
});
