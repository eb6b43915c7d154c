import assert from 'node:assert/strict';
import type { Owner } from '../../model/owner.ts';
import type { KubernetesObject, V1Deployment } from '../../sys/kube.ts';
import { FakeKube } from '../../sys/testing/kube.ts';
import { badVersion } from './bad-version.ts';
import { currentRevision } from './current-revision.ts';
import { type NamespaceContext, NoTarget } from './fault.ts';
import { recreate } from './recreate.ts';
import { restart, rollout } from './rollout.ts';

const namespace = 'shop';
const web = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace };
const owner: Owner = { kind: 'Deployment', name: 'web' };
const finishing = { finishes: true, timeLimitMs: 1000 };

/** A Deployment without a label `version`, in its second revision. One pod of the first revision is left. */
describe('a rollout of a Deployment without a label `version`', () => {
  let kube: FakeKube;
  const context = (id = 'update'): NamespaceContext => ({
    ...{ kube, namespace, owner, id, signal: AbortSignal.timeout(10_000) },
    record() {},
  });
  const put = (kind: string, name: string, metadata: object, rest: object = {}) =>
    kube.objects.set(`${kind}/${namespace}/${name}`, { kind, metadata: { name, namespace, ...metadata }, ...rest });
  const deployment = async () => structuredClone(await kube.read<V1Deployment>(web)) as V1Deployment;
  const templateNow = async () => (await deployment()).spec?.template;
  /** What a fault changes, after its plan was written to a journal and read again. */
  const changed = async (inject: () => Promise<void>) => {
    const before = await templateNow();
    await inject();
    const { metadata, ...rest } = (await templateNow()) ?? {};
    const { annotations, ...others } = metadata ?? {};
    return { annotations, same: { metadata: others, ...rest }, before };
  };
  const journaled = <Plan>(plan: Plan): Plan => JSON.parse(JSON.stringify(plan));

  beforeEach(() => {
    kube = new FakeKube();
    const env = [{ name: 'START_DELAY_MS', value: '100' }];
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', env }] } };
    const spec = { selector: { matchLabels: { app: 'web' } }, template };
    put('Deployment', 'web', { uid: 'uid-1', generation: 4 }, { spec });
    for (const [number, hash] of [
      [1, 'aaa'],
      [2, 'bbb'],
    ] as const) {
      put('ReplicaSet', `web-${hash}`, {
        labels: { app: 'web', 'pod-template-hash': hash },
        annotations: { 'deployment.kubernetes.io/revision': String(number) },
        ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'uid-1' }],
      });
    }
    put('ReplicaSet', 'db-ccc', {
      labels: { 'pod-template-hash': 'ccc' },
      annotations: { 'deployment.kubernetes.io/revision': '9' },
      ownerReferences: [{ kind: 'Deployment', name: 'db', uid: 'uid-2' }],
    });
    for (const name of ['web-aaa-1', 'web-bbb-1', 'web-bbb-2'])
      put('Pod', name, { labels: { app: 'web', 'pod-template-hash': name.split('-')[1] } });
  });

  const planned = { owner, generation: 4, from: 'bbb', oldPods: ['web-bbb-1', 'web-bbb-2'] };

  it('replaces the pods of the newest revision of this Deployment', async () => {
    assert.deepEqual(await rollout.fault.plan(context(), finishing), { ...planned, ...finishing });
    assert.deepEqual(await restart.fault.plan(context(), {}), planned);
    const before = { type: 'RollingUpdate', maxSurge: null, maxUnavailable: null };
    assert.deepEqual(await recreate.fault.plan(context(), {}), { ...planned, before });
  });

  it('changes nothing in the template but an annotation, to a value that it never had', async () => {
    const seen: unknown[] = [];
    for (const id of ['update', 'update', 'again']) {
      const plan = await rollout.fault.plan(context(id), finishing);
      const { annotations, same, before } = await changed(() => rollout.fault.inject(context(id), journaled(plan)));
      const { annotations: _, ...metadata } = before?.metadata ?? {};
      assert.deepEqual(same, { ...before, metadata });
      assert.deepEqual(Object.keys(annotations ?? {}), ['holdfast.dev/rollout']);
      const value = annotations?.['holdfast.dev/rollout'] ?? '';
      assert.ok(value.includes(id) && !seen.includes(value), value);
      seen.push(value);
      // The API server counts each change of a Deployment.
      const { metadata: object } = (await kube.read<V1Deployment>(web)) ?? {};
      if (object) object.generation = (object.generation ?? 0) + 1;
    }
  });

  it('by a restart sets the annotation of kubectl', async () => {
    const plan = await restart.fault.plan(context(), {});
    const { annotations, same, before } = await changed(() => restart.fault.inject(context(), journaled(plan)));
    assert.deepEqual(same, before);
    assert.deepEqual(Object.keys(annotations ?? {}), ['kubectl.kubernetes.io/restartedAt']);
  });

  it('by a recreation also changes the strategy, until it is healed', async () => {
    const plan = journaled(await recreate.fault.plan(context(), {}));
    const { annotations, same, before } = await changed(() => recreate.fault.inject(context(), plan));
    assert.deepEqual(same, before);
    assert.deepEqual(Object.keys(annotations ?? {}), ['holdfast.dev/rollout']);
    assert.equal((await deployment()).spec?.strategy?.type, 'Recreate');
    await recreate.fault.heal(context(), recreate.fault.planned.parse(plan));
    assert.equal((await deployment()).spec?.strategy?.type, 'RollingUpdate');
  });

  const delayOf = async () => (await templateNow())?.spec?.containers[0]?.env?.[0]?.value;

  for (const [what, annotations] of Object.entries({
    'no annotation': {},
    'an annotation': { 'holdfast.dev/rollout': 'first' },
  }))
    it(`to a bad version is undone to the same template, which had ${what}`, async () => {
      await kube.patch(web, { spec: { template: { metadata: { annotations } } } });
      const before = await templateNow();
      const plan = journaled(await badVersion.fault.plan(context(), {}));
      await badVersion.fault.inject(context(), plan);
      assert.equal(await delayOf(), '86400000');
      assert.notDeepEqual((await templateNow())?.metadata, before?.metadata);
      await badVersion.fault.heal(context(), badVersion.fault.planned.parse(plan));
      assert.deepEqual(await templateNow(), before);
    });

  it('has no target if there is no revision yet', async () => {
    for (const hash of ['aaa', 'bbb']) kube.objects.delete(`ReplicaSet/${namespace}/web-${hash}`);
    await assert.rejects(rollout.fault.plan(context(), finishing), (error) => {
      assert.ok(error instanceof NoTarget);
      assert.match(error.message, /shop\/web has no revision yet/);
      return true;
    });
  });
});

describe('a rollout of a workload whose pods a new template does not replace', () => {
  const cases: { readonly [what: string]: readonly [Owner['kind'], object, RegExp] } = {
    'a paused Deployment': ['Deployment', { paused: true }, /Deployment shop\/web is paused\. Resume it/],
    'a StatefulSet with the update strategy OnDelete': [
      'StatefulSet',
      { updateStrategy: { type: 'OnDelete' } },
      /StatefulSet shop\/web has the update strategy OnDelete/,
    ],
    'a StatefulSet with a partition': [
      'StatefulSet',
      { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } },
      /StatefulSet shop\/web has the partition 2/,
    ],
  };
  for (const [what, [kind, spec, why]] of Object.entries(cases))
    it(`has no target: ${what}`, async () => {
      const kube = new FakeKube();
      kube.objects.set(`${kind}/${namespace}/web`, { kind, metadata: { name: 'web', namespace }, ...{ spec } });
      const signal = AbortSignal.timeout(10_000);
      const context = { kube, namespace, owner: { kind, name: 'web' }, id: 'it', signal, record() {} };
      for (const plan of [() => restart.fault.plan(context, {}), () => rollout.fault.plan(context, finishing)])
        await assert.rejects(plan, (error) => error instanceof NoTarget && why.test(error.message));
    });
});

describe('a rollout in the journal of an older holdfast, which changed the label `version`,', () => {
  const older = { owner, generation: 1, from: '1', to: '2', oldPods: ['web-1'] };
  const { to: _, ...current } = older;

  it('has a plan of the same schema', () => {
    assert.deepEqual(rollout.fault.planned.parse({ ...older, ...finishing }), { ...current, ...finishing });
    assert.deepEqual(restart.fault.planned.parse(older), current);
    const before = { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 };
    assert.deepEqual(recreate.fault.planned.parse({ ...older, before }), { ...current, before });
  });

  it('is undone if it rolled out a bad version', async () => {
    const kube = new FakeKube();
    const template = (version: string, value: string): object => ({
      metadata: { labels: { app: 'web', version } },
      spec: { containers: [{ name: 'web', env: [{ name: 'START_DELAY_MS', value }] }] },
    });
    const metadata = { name: 'web', namespace };
    await kube.create({ ...web, metadata, ...{ spec: { template: template('2', '86400000') } } } as KubernetesObject);
    const signal = AbortSignal.timeout(10_000);
    const plan = { ...older, container: 'web', startDelay: '100', probed: true };
    await badVersion.fault.heal(
      { kube, namespace, owner, id: 'it', signal, record() {} },
      badVersion.fault.planned.parse(plan),
    );
    assert.deepEqual((await kube.read<V1Deployment>(web))?.spec?.template, template('1', '100'));
  });
});

describe('the current revision of a StatefulSet', () => {
  it('is that of its status', async () => {
    const kube = new FakeKube();
    const status = { replicas: 3, currentRevision: 'db-6d5f', updateRevision: 'db-7c4b' };
    assert.equal(await currentRevision({ kube, namespace }, { status }), 'db-7c4b');
    assert.equal(await currentRevision({ kube, namespace }, {}), '');
  });
});
