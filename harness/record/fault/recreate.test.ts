import assert from 'node:assert/strict';
import { FakeKube } from '../../sys/testing/kube.ts';
import type { NamespaceContext } from './fault.ts';
import { recreate } from './recreate.ts';

const namespace = 'shop';
const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace };

/** The strategies that a Deployment has after the injection and after it is undone. */
async function strategies(strategy: object): Promise<readonly [injected: unknown, healed: unknown]> {
  const kube = new FakeKube();
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web' }] } };
  await kube.create({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace, uid: 'uid-1', generation: 1 },
    ...{ spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template, strategy } },
  });
  const labels = { app: 'web', 'pod-template-hash': 'abc' };
  await kube.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-1', namespace, labels } });
  await kube.create({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: 'web-abc',
      namespace,
      labels,
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'uid-1' }],
    },
  });
  const context: NamespaceContext = {
    kube,
    namespace,
    owner: { kind: 'Deployment', name: 'web' },
    id: 'it',
    signal: AbortSignal.timeout(10_000),
    record() {},
  };
  const now = async () => ((await kube.read(ref)) as unknown as { spec: { strategy: unknown } }).spec.strategy;
  const plan = recreate.fault.planned.parse(JSON.parse(JSON.stringify(await recreate.fault.plan(context, {}))));
  await recreate.fault.inject(context, plan);
  const injected = await now();
  await recreate.fault.heal(context, plan);
  return [injected, await now()];
}

describe('the strategy of a Deployment after recreate', () => {
  it('is the one that it had', async () => {
    const rolling = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } };
    const [injected, healed] = await strategies(rolling);
    assert.equal((injected as typeof rolling).type, 'Recreate');
    assert.deepEqual(healed, rolling);
  });

  it('stays Recreate if it was Recreate', async () => {
    const [, healed] = await strategies({ type: 'Recreate' });
    assert.equal((healed as { type: string }).type, 'Recreate');
  });
});
