import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { untilSettled } from '../target/settled.ts';
import { openActions } from '../undo/journal.ts';
import { addRevisions, newTemplate, oldTemplate } from './testing/revisions.ts';
import { otherClusters, podLabels, SimulatedInjection } from './testing/simulated-injection.ts';

describe('undoing a fault in a cluster that holdfast did not create', () => {
  let injection: SimulatedInjection;
  beforeEach(() => {
    injection = new SimulatedInjection();
  });
  afterEach(() => injection.remove());

  for (const [name, params] of [
    ['scale', { replicas: 4 }],
    ['rollout', {}],
    ['restart', {}],
    ['recreate', {}],
  ] as const) {
    it(`restores what ${name} changed`, async () => {
      const before = injection.spec();
      assert.ok('saw' in (await injection.inject(name, params)));
      assert.deepEqual(injection.spec(), before);
      assert.ok(!existsSync(injection.journal));
    });

    it(`needs only the journal if the harness died in ${name}`, async () => {
      const before = injection.spec();
      await injection.injectAndDie(name, params);
      assert.notDeepEqual(injection.spec(), before);
      assert.deepEqual(
        openActions(injection.journal).map(({ action }) => action.kind),
        ['inject', 'patch'],
      );
      assert.deepEqual(await injection.heal(), []);
      assert.deepEqual(injection.spec(), before);
      assert.ok(!existsSync(injection.journal));
    });
  }

  for (const [name, params] of [
    ['scale', { replicas: 4 }],
    ['rollout', {}],
  ] as const) {
    it(`restores what ${name} changed in a StatefulSet, also from the journal alone`, async () => {
      injection.remove();
      injection = new SimulatedInjection('StatefulSet');
      const before = injection.spec();
      assert.ok('saw' in (await injection.inject(name, params)));
      assert.deepEqual(injection.spec(), before);
      assert.ok(!existsSync(injection.journal));
      await injection.injectAndDie(name, params);
      const [, patch] = openActions(injection.journal).map(({ action }) => action);
      assert.equal(patch?.kind === 'patch' && patch.ref.kind, 'StatefulSet');
      assert.deepEqual(await injection.heal(), []);
      assert.deepEqual(injection.spec(), before);
    });
  }

  it('restores the template after a rollback', async () => {
    addRevisions(injection.kube);
    assert.ok('saw' in (await injection.inject('rollback')));
    assert.deepEqual(injection.spec()?.template, newTemplate);
  });

  it('restores the label `version`, which a rollout of an older holdfast changed', async () => {
    await injection.patchAsSomeoneElse(podLabels({ version: '1' }));
    const before = injection.spec();
    await injection.patchAsSomeoneElse(podLabels({ version: '2' }));
    const { identity: cluster } = await injection.open();
    const plan = { deployment: 'web', generation: 1, from: '1', to: '2', oldPods: ['web-1'], finishes: true };
    const path = ['spec', 'template', 'metadata', 'labels', 'version'];
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop' };
    const actions = [
      { kind: 'inject', id: 'it', fault: 'rollout', namespace: 'shop', deployment: 'web', plan, cluster },
      { kind: 'patch', cluster, ref, changes: [{ path, before: '1', after: '2' }] },
    ];
    mkdirSync(dirname(injection.journal));
    const lines = actions.map((deed, index) => JSON.stringify({ at: index, seq: index + 1, deed }));
    writeFileSync(injection.journal, `${lines.join('\n')}\n`);
    assert.deepEqual(await injection.heal(), []);
    assert.deepEqual(injection.spec(), before);
    assert.ok(!existsSync(injection.journal));
  });

  it('has no effect if someone removed the workload since', async () => {
    await injection.injectAndDie('scale', { replicas: 4 });
    injection.kube.objects.delete('Deployment/shop/web');
    assert.deepEqual(await injection.heal(), []);
    await untilSettled(await injection.open(), injection.owner, injection.stopping.signal);
  });

  it('happens after an interrupt', async () => {
    const { kube } = injection;
    const before = injection.spec();
    const { jsonPatch } = kube;
    kube.jsonPatch = async (ref, change) => {
      kube.jsonPatch = jsonPatch;
      await kube.jsonPatch(ref, change);
      injection.stopping.abort(new Error('interrupted'));
    };
    await assert.rejects(injection.inject('scale', { replicas: 4 }), /interrupted/);
    assert.deepEqual(injection.spec(), before);
    assert.ok(!existsSync(injection.journal));
  });

  it('can be repeated if it failed, because the action stays in the journal', async () => {
    const { kube } = injection;
    const { jsonPatch } = kube;
    kube.jsonPatch = async (ref, change) => {
      await jsonPatch.call(kube, ref, change);
      kube.jsonPatch = () => Promise.reject(new Error('forbidden'));
    };
    const injecting = injection.inject('scale', { replicas: 4 });
    await assert.rejects(injecting, /undo the patch of Deployment shop\/web: forbidden/);
    kube.jsonPatch = jsonPatch;
    assert.deepEqual(await injection.heal(), []);
    assert.equal(injection.spec()?.replicas, 2);
  });

  for (const [what, change] of Object.entries(otherClusters))
    it(`is refused if the context has another ${what} since the fault was injected`, async () => {
      await injection.injectAndDie('scale', { replicas: 4 });
      change(injection.kube);
      const errors = await injection.heal();
      assert.equal(errors.length, 2);
      for (const error of errors) assert.ok(error.message.includes(what), error.message);
      assert.equal(injection.spec()?.replicas, 4);
      assert.equal(openActions(injection.journal).length, 2);
    });

  describe('keeps changes of someone else', () => {
    const notRestored = 'Deployment web: spec.replicas was changed by someone else since then, so it is not restored';

    it('to the same field, and reports them', async () => {
      const { kube } = injection;
      const { jsonPatch } = kube;
      kube.jsonPatch = async (ref, change) => {
        kube.jsonPatch = jsonPatch;
        await kube.jsonPatch(ref, change);
        await kube.patch(ref, { spec: { replicas: 7 } });
      };
      await injection.inject('scale', { replicas: 4 });
      assert.equal(injection.spec()?.replicas, 7);
      assert.deepEqual(injection.told, [notRestored]);
    });

    it('to the same field during the undoing, and reports them', async () => {
      await injection.injectAndDie('scale', { replicas: 4 });
      injection.beforePatch(() => injection.patchAsSomeoneElse({ spec: { replicas: 9 } }));
      assert.deepEqual(await injection.heal(), []);
      assert.equal(injection.spec()?.replicas, 9);
      assert.deepEqual(injection.told, [notRestored]);
    });

    it('to another field', async () => {
      await injection.injectAndDie('rollout', {});
      await injection.patchAsSomeoneElse(podLabels({ team: 'theirs' }));
      assert.deepEqual(await injection.heal(), []);
      assert.deepEqual(injection.spec()?.template.metadata, { labels: { app: 'web', team: 'theirs' } });
      assert.deepEqual(injection.told, []);
    });

    it('to an annotation of holdfast, and restores the rest', async () => {
      await injection.injectAndDie('rollout', {});
      const annotations = { 'holdfast.dev/rollout': 'theirs' };
      await injection.patchAsSomeoneElse({ spec: { template: { metadata: { annotations } } } });
      assert.deepEqual(await injection.heal(), []);
      assert.deepEqual(injection.spec()?.template.metadata, { labels: { app: 'web' }, annotations });
      assert.match(injection.told.join(), /annotations\.holdfast\.dev\/rollout was changed by someone else since/);
    });

    it('to a list, and restores variables in their positions', async () => {
      addRevisions(injection.kube);
      await injection.injectAndDie('rollback', {});
      const env = () => injection.spec()?.template.spec?.containers[0]?.env;
      assert.deepEqual(env(), oldTemplate.spec.containers[0]?.env);
      const others = [{ name: 'THEIRS', value: 'x' }, ...(env() ?? [])];
      Object.assign(injection.kube.owner.spec?.template.spec?.containers[0] ?? {}, { env: others });
      assert.deepEqual(await injection.heal(), []);
      const names = env()?.map(({ name }) => name);
      assert.deepEqual(names, ['THEIRS', 'TOKEN', 'DEBUG', 'URL']);
      assert.equal(env()?.find(({ name }) => name === 'TOKEN')?.value, 'new-secret');
    });
  });
});
