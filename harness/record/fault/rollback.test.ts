import assert from 'node:assert/strict';
import { FakeKube } from '../../sys/testing/kube.ts';
import { type NamespaceContext, NoTarget } from './fault.ts';
import { rollback } from './rollback.ts';

const namespace = 'shop';
const template = (more: object, env: readonly object[]) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'web', ports: [{ containerPort: 8080 }], ...more, env }] },
});
const good = template({ image: 'web:1', args: ['serve'] }, [
  { name: 'START_DELAY_MS', value: '100' },
  { name: 'COLOUR', value: 'red' },
]);
const bad = template({ image: 'web:2', workingDir: '/tmp' }, [
  { name: 'START_DELAY_MS', value: '86400000' },
  { name: 'DEBUG', value: '1' },
]);

describe('a rollback', () => {
  let kube: FakeKube;
  const context = (): NamespaceContext => ({
    kube,
    namespace,
    owner: { kind: 'Deployment', name: 'web' },
    id: 'it',
    signal: AbortSignal.timeout(10_000),
    record() {},
  });
  const replicaSet = (revision: string, its: object, owner = 'uid-1') =>
    kube.create({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `web-${revision}-${owner}`,
        namespace,
        uid: `uid-of-${revision}`,
        labels: { 'pod-template-hash': `hash-${revision}` },
        annotations: { 'deployment.kubernetes.io/revision': revision },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: owner }],
      },
      ...{ spec: { template: its } },
    });

  beforeEach(async () => {
    kube = new FakeKube();
    const spec = { selector: { matchLabels: { app: 'web' } }, template: bad };
    await kube.create({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace, uid: 'uid-1' },
      ...{ spec },
    });
  });

  it('restores the whole template of the previous revision, from the ReplicaSets of its Deployment', async () => {
    await replicaSet('9', bad);
    await replicaSet('8', { ...good, metadata: { labels: { ...good.metadata.labels, 'pod-template-hash': 'abc' } } });
    await replicaSet('7', template({}, []));
    await replicaSet('10', template({}, []), 'uid-2');
    for (const revision of ['8', '9']) {
      const labels = { app: 'web', 'pod-template-hash': `hash-${revision}` };
      await kube.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `web-${revision}-a`, namespace, labels } });
    }
    const plan = await rollback.fault.plan(context(), {});
    assert.deepEqual([plan.from, plan.oldPods], ['hash-9', ['web-9-a']]);
    await rollback.fault.inject(context(), rollback.fault.planned.parse(JSON.parse(JSON.stringify(plan))));
    const now = await kube.read({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace });
    assert.deepEqual((now as unknown as { spec: { template: object } }).spec.template, good);
  });

  it('plans names and numbers, and no value of the template', async () => {
    await replicaSet('9', bad);
    await replicaSet('8', good);
    const plan = await rollback.fault.plan(context(), {});
    assert.deepEqual(plan.template, { replicaSet: 'web-8-uid-1', uid: 'uid-of-8', revision: 8 });
    for (const value of ['red', '86400000', 'serve', 'web:1']) assert.ok(!JSON.stringify(plan).includes(value), value);
  });

  it('has no target if the ReplicaSet was replaced or has another revision', async () => {
    await replicaSet('9', bad);
    await replicaSet('8', good);
    const plan = await rollback.fault.plan(context(), {});
    for (const template of [
      { ...plan.template, uid: 'other' },
      { ...plan.template, revision: 7 },
      { ...plan.template, replicaSet: 'gone' },
    ])
      await assert.rejects(rollback.fault.inject(context(), { ...plan, template }), NoTarget);
  });

  it('reads the plan of an older journal, which held the patch', async () => {
    const { owner } = context();
    const rest = { owner, generation: 1, from: '2', to: '1', oldPods: [] };
    const planned = rollback.fault.planned.parse({ ...rest, patch: { spec: { template: {} } } });
    await rollback.fault.heal(context(), planned);
    assert.ok(!JSON.stringify(planned).includes('patch'));
  });

  it('has no target if a StatefulSet owns the pods', async () => {
    const db = { ...context(), owner: { kind: 'StatefulSet', name: 'db' } } as const;
    await assert.rejects(
      rollback.fault.plan(db, {}),
      (error) => error instanceof NoTarget && /^StatefulSet shop\/db is not a Deployment\. Only /.test(error.message),
    );
  });

  it('has no target if there is no previous revision', async () => {
    await replicaSet('1', bad);
    await assert.rejects(rollback.fault.plan(context(), {}), NoTarget);
  });
});
