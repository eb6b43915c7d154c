import assert from 'node:assert/strict';
import { FakeKube } from '../../sys/testing/kube.ts';
import { type LabContext, NotPossibleHere } from './fault.ts';
import { networkPolicy } from './network-policy.ts';

const namespace = 'a';
const labels = { app: 'web' };
const ref = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: 'holdfast-denies', namespace };

async function contextWith(cni: string): Promise<LabContext> {
  const kube = new FakeKube();
  const metadata = { name: 'web', namespace };
  const spec = { selector: { matchLabels: labels } };
  await kube.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, ...{ spec } });
  await kube.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-1', namespace, labels } });
  const lab = { kube, info: { profile: { cni } } };
  return { lab, kube, namespace, owner: { kind: 'Deployment', name: 'web' } } as unknown as LabContext;
}

describe('a network policy', () => {
  it('selects the pods of the workload, allows no traffic to them, and is deleted at the end', async () => {
    const context = await contextWith('kindnet');
    const plan = await networkPolicy.fault.plan(context, {});
    assert.deepEqual(plan, { pods: ['web-1'], labels });
    await networkPolicy.fault.inject(context, plan);
    const created = (await context.kube.read(ref)) as unknown as { spec: object } | undefined;
    assert.deepEqual(created?.spec, { podSelector: { matchLabels: labels }, policyTypes: ['Ingress'] });
    await networkPolicy.fault.heal(context, plan);
    assert.equal(await context.kube.read(ref), undefined);
  });

  it('is not possible in a pod network that enforces none', async () =>
    assert.rejects(networkPolicy.fault.plan(await contextWith('ptp'), {}), NotPossibleHere));
});
