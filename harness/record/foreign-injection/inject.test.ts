import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../../model/progress.ts';
import type { Json } from '../../model/units.ts';
import type { Operation } from '../../sys/kube.ts';
import { authority } from '../../sys/testing/kubeconfig.ts';
import { NoTarget } from '../fault/fault.ts';
import { type ForeignCluster, openForeignCluster } from '../foreign/foreign-cluster.ts';
import { SomebodysKube } from '../foreign/testing/foreign-cluster.ts';
import { NotOurs } from '../lab/identity.ts';
import { untilSettled } from '../target/settled.ts';
import { healFrom } from '../undo/heal.ts';
import { openActions } from '../undo/journal.ts';
import { injectInto } from './inject.ts';

const progress: Progress = { plan() {}, now() {}, note() {}, step: (_, work) => work() };

describe('a fault in a cluster that holdfast did not create', () => {
  let folder: string;
  let kube: SomebodysKube;
  let told: string[];
  let approved: Json[];
  let stopping: AbortController;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-foreign-'));
    kube = new SomebodysKube();
    told = [];
    approved = [];
    stopping = new AbortController();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const journal = () => join(folder, 'somebody', 'journal.ndjson');
  const look = (): Promise<ForeignCluster> =>
    openForeignCluster(kube, {
      context: 'prod',
      namespace: 'shop',
      signal: stopping.signal,
      tell: (words) => void told.push(words),
    });
  const inject = async (name: string, params: { [key: string]: Json } = {}, refuse = async () => {}) =>
    injectInto({
      cluster: await look(),
      owner: { kind: kube.kind, name: 'web' },
      disruption: { id: name, when: { atMs: 0 }, fault: { name, params }, limitMs: 600 },
      journal: journal(),
      healCommand: './holdfast heal',
      events: join(folder, 'somebody', 'events.ndjson'),
      async approve(_, plan) {
        approved.push(plan);
        await refuse();
      },
      signal: stopping.signal,
    });
  /** A harness that stops after its first patch. */
  const dies = async (name: string, params: { [key: string]: Json }): Promise<void> => {
    const { jsonPatch } = kube;
    await new Promise<void>((died) => {
      kube.jsonPatch = async (ref, change) => {
        kube.jsonPatch = jsonPatch;
        await kube.jsonPatch(ref, change);
        died();
        await new Promise(() => undefined);
      };
      void inject(name, params);
    });
  };
  const names = () => kube.pods.map(({ metadata }) => metadata?.name);
  const spec = () => structuredClone(kube.owner.spec);

  it('takes effect after its plan was shown, and leaves no journal', async () => {
    assert.deepEqual(await inject('pod-delete'), { saw: 'web-1 gone, and 2 endpoints ready' });
    assert.deepEqual(approved, [{ pods: [{ name: 'web-1' }], replicas: 2 }]);
    assert.deepEqual(names(), ['web-2', 'web-3']);
    assert.ok(!existsSync(journal()));
  });

  it('evicts, and reports the number of refusals', async () => {
    assert.deepEqual(await inject('evict', { count: 'all' }), { saw: '2 pods evicted and gone, after 0 refusals' });
    kube.evictionAnswer = { code: 429, message: 'budget' };
    const refused = await inject('evict', { finishes: false, timeLimitMs: 50, retryMs: 100 });
    assert.match('saw' in refused ? refused.saw : '', /^\d evictions refused, 1 of 1 pods still there$/);
    assert.match(JSON.stringify(await inject('evict', { timeLimitMs: 50 })), /reason.*to be evicted and gone/);
  });

  for (const [name, params] of [
    ['scale', { replicas: 4 }],
    ['rollout', {}],
  ] as const) {
    it(`restores what ${name} changed`, async () => {
      const before = spec();
      assert.ok('saw' in (await inject(name, params)));
      assert.deepEqual(spec(), before);
      assert.ok(!existsSync(journal()));
    });

    it(`is undone from the journal alone when the harness died in ${name}`, async () => {
      const before = spec();
      await dies(name, params);
      assert.notDeepEqual(spec(), before);
      assert.deepEqual(
        openActions(journal()).map(({ action }) => action.kind),
        ['inject', 'patch'],
      );
      assert.deepEqual(await healFrom(journal(), await look(), progress), []);
      assert.deepEqual(spec(), before);
      assert.ok(!existsSync(journal()));
    });
  }

  describe('on a StatefulSet', () => {
    beforeEach(() => {
      kube = new SomebodysKube('StatefulSet');
    });

    it('deletes pods, whose names are used again', async () => {
      assert.deepEqual(await inject('pod-delete'), { saw: 'web-0 gone, and 2 endpoints ready' });
      assert.deepEqual(names().sort(), ['web-0', 'web-1']);
    });

    for (const [name, params] of [
      ['scale', { replicas: 4 }],
      ['rollout', {}],
    ] as const) {
      it(`takes effect and is undone: ${name}`, async () => {
        const before = spec();
        assert.ok('saw' in (await inject(name, params)));
        assert.deepEqual(spec(), before);
        assert.deepEqual((approved[0] as { owner?: Json }).owner, { kind: 'StatefulSet', name: 'web' });
        assert.ok(!existsSync(journal()));
      });

      it(`is undone from the journal alone when the harness died in ${name}`, async () => {
        const before = spec();
        await dies(name, params);
        const [, patch] = openActions(journal()).map(({ action }) => action);
        assert.equal(patch?.kind === 'patch' && patch.ref.kind, 'StatefulSet');
        assert.deepEqual(await healFrom(journal(), await look(), progress), []);
        assert.deepEqual(spec(), before);
      });
    }

    it('has no target if the fault needs a Deployment', async () => {
      for (const name of ['recreate', 'rollback']) {
        const outcome = await inject(name);
        assert.match('reason' in outcome ? outcome.reason : '', /^StatefulSet shop\/web is not a Deployment\. Only /);
      }
    });

    it('watches StatefulSets and no Deployments, which its user may not be allowed to read', async () => {
      const { list } = kube;
      kube.list = async (apiVersion, kind, ...rest) => {
        if (kind === 'Deployment') throw Object.assign(new Error('deployments is forbidden'), { statusCode: 403 });
        return list.call(kube, apiVersion, kind, ...rest) as never;
      };
      assert.ok('saw' in (await inject('scale', { replicas: 4 })));
    });
  });

  it('is healed if someone removed the workload since', async () => {
    await dies('scale', { replicas: 4 });
    kube.objects.delete('Deployment/shop/web');
    assert.deepEqual(await healFrom(journal(), await look(), progress), []);
    await untilSettled(await look(), { kind: 'Deployment', name: 'web' }, stopping.signal);
  });

  it('is in the journal before it is done', async () => {
    let open: string[] = [];
    const remove = kube.remove.bind(kube);
    kube.remove = async (ref) => {
      open = openActions(journal()).map(({ action }) => action.kind);
      await remove(ref);
    };
    await inject('pod-delete');
    assert.deepEqual(open, ['inject']);
  });

  it('keeps changes that someone else made in the meantime, and reports them', async () => {
    const { jsonPatch } = kube;
    kube.jsonPatch = async (ref, change) => {
      kube.jsonPatch = jsonPatch;
      await kube.jsonPatch(ref, change);
      await kube.patch(ref, { spec: { replicas: 7 } });
    };
    await inject('scale', { replicas: 4 });
    assert.equal(spec()?.replicas, 7);
    assert.deepEqual(told, [
      'Deployment web: spec.replicas was changed by someone else since then, so it is not restored',
    ]);
  });

  /** Calls a function once, just before the server receives a patch. */
  const justBefore = (act: () => Promise<void>) => {
    const { jsonPatch } = kube;
    kube.jsonPatch = async (ref, operations) => {
      kube.jsonPatch = jsonPatch;
      await act();
      await kube.jsonPatch(ref, operations);
    };
  };
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop' };
  const theirs = (patch: object) => SomebodysKube.prototype.patch.call(kube, web, patch);
  const labels = (of: { [key: string]: string | null }) => ({ spec: { template: { metadata: { labels: of } } } });

  it('is not injected if someone changed the same field between the read and the patch', async () => {
    justBefore(() => theirs({ spec: { replicas: 7 } }));
    assert.deepEqual(await inject('scale', { replicas: 4 }), {
      reason: 'Deployment shop/web: spec.replicas was changed by someone else in the meantime',
    });
    assert.equal(spec()?.replicas, 7);
    assert.deepEqual(told, []);
    assert.ok(!existsSync(journal()));
  });

  it('is injected if someone changed another field, and keeps that change', async () => {
    const answers: string[] = [];
    const { jsonPatch } = kube;
    kube.jsonPatch = async (ref, operations) => {
      if (answers.length === 0) await theirs(labels({ team: 'theirs' }));
      const answer = jsonPatch.call(kube, ref, operations);
      answers.push(
        await answer.then(
          () => 'done',
          () => 'refused',
        ),
      );
      await answer;
    };
    // There is no annotation yet, so the object around it is tested.
    await inject('restart');
    assert.deepEqual(answers, ['refused', 'done', 'done']);
    assert.deepEqual(spec()?.template.metadata, {
      labels: { app: 'web', version: '1', team: 'theirs' },
      annotations: {},
    });
  });

  it('is undone if someone changed another field, and keeps that change', async () => {
    await dies('rollout', {});
    await theirs(labels({ team: 'theirs' }));
    assert.deepEqual(await healFrom(journal(), await look(), progress), []);
    assert.deepEqual(spec()?.template.metadata?.labels, { app: 'web', version: '1', team: 'theirs' });
    assert.deepEqual(told, []);
  });

  it('fails if the server always refuses its tests', async () => {
    const before = spec();
    let sent = 0;
    kube.jsonPatch = async () => {
      sent++;
      throw Object.assign(new Error('patch Deployment web: testing value failed'), { statusCode: 422 });
    };
    assert.deepEqual(await inject('scale', { replicas: 4 }), { reason: 'patch Deployment web: testing value failed' });
    assert.equal(sent, 5);
    assert.deepEqual(spec(), before);
    assert.ok(!existsSync(journal()));
  });

  it('is undone except for a label that someone removed since', async () => {
    await dies('rollout', {});
    await theirs(labels({ version: null }));
    assert.deepEqual(await healFrom(journal(), await look(), progress), []);
    assert.deepEqual(spec()?.template.metadata?.labels, { app: 'web' });
    assert.match(told.join(), /labels\.version was changed by someone else since/);
  });

  it('keeps and reports a change that someone makes to the same field during the undoing', async () => {
    await dies('scale', { replicas: 4 });
    justBefore(() => theirs({ spec: { replicas: 9 } }));
    assert.deepEqual(await healFrom(journal(), await look(), progress), []);
    assert.equal(spec()?.replicas, 9);
    assert.deepEqual(told, [
      'Deployment web: spec.replicas was changed by someone else since then, so it is not restored',
    ]);
  });

  it('sends no patch without tests', async () => {
    const sent: Operation[][] = [];
    const { jsonPatch } = kube;
    kube.patch = () => Promise.reject(new Error('a patch that overwrites'));
    kube.jsonPatch = async (ref, operations) => {
      sent.push([...operations]);
      await jsonPatch.call(kube, ref, operations);
    };
    await inject('scale', { replicas: 4 });
    assert.deepEqual(
      sent.map((operations) => operations.map(({ op }) => op)),
      [
        ['test', 'replace'],
        ['test', 'replace'],
      ],
    );
  });

  describe('that rolls back', () => {
    const old = {
      metadata: { labels: { app: 'web', version: '1' }, annotations: { note: 'old-secret' } },
      spec: { containers: [{ name: 'web', image: 'web:1', env: [{ name: 'TOKEN', value: 'old-secret' }] }] },
    };
    const now = {
      metadata: { labels: { app: 'web', version: '2' } },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'web:2',
            args: ['--key=new-secret'],
            env: [
              { name: 'TOKEN', value: 'new-secret' },
              { name: 'DEBUG', value: '1' },
              { name: 'URL', value: '$(TOKEN)' },
            ],
          },
        ],
      },
    };
    const replicaSet = (revision: number, template: object) =>
      kube.objects.set(`ReplicaSet/shop/web-${revision}`, {
        kind: 'ReplicaSet',
        metadata: {
          name: `web-${revision}`,
          namespace: 'shop',
          uid: `uid-of-${revision}`,
          annotations: { 'deployment.kubernetes.io/revision': String(revision) },
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'uid-of-web' }],
        },
        ...{ spec: { template } },
      });
    beforeEach(() => {
      Object.assign(kube.owner.metadata ?? {}, { uid: 'uid-of-web' });
      Object.assign(kube.owner.spec ?? {}, { template: structuredClone(now) });
      kube.reconcile();
      replicaSet(2, now);
      replicaSet(1, old);
    });
    const env = () => spec()?.template.spec?.containers[0]?.env;

    it('shows and records no value of a template, and restores everything', async () => {
      assert.match(JSON.stringify(await inject('rollback')), /all 2 pods of version 2 replaced/);
      const { annotations, ...metadata } = spec()?.template.metadata ?? {};
      assert.deepEqual([annotations, { ...spec()?.template, metadata }], [{}, now]);
      const events = await readFile(join(folder, 'somebody', 'events.ndjson'), 'utf8');
      for (const text of [JSON.stringify(approved), events]) assert.ok(!text.includes('secret'), text);
      assert.deepEqual((approved[0] as { template?: Json }).template, {
        replicaSet: 'web-1',
        uid: 'uid-of-1',
        revision: 1,
      });
    });

    it('keeps what someone added before and after, and restores variables in their positions', async () => {
      await dies('rollback', {});
      assert.deepEqual(env(), old.spec.containers[0]?.env);
      const others = [{ name: 'THEIRS', value: 'x' }, ...(env() ?? [])];
      Object.assign(kube.owner.spec?.template.spec?.containers[0] ?? {}, { env: others });
      assert.deepEqual(await healFrom(journal(), await look(), progress), []);
      const names = env()?.map(({ name }) => name);
      assert.deepEqual(names, ['THEIRS', 'TOKEN', 'DEBUG', 'URL']);
      assert.equal(env()?.find(({ name }) => name === 'TOKEN')?.value, 'new-secret');
    });

    it('is refused if the ReplicaSet was replaced', async () => {
      const replaced = async () => {
        Object.assign(kube.objects.get('ReplicaSet/shop/web-1')?.metadata ?? {}, { uid: 'another' });
      };
      assert.deepEqual(await inject('rollback', {}, replaced), {
        reason: 'ReplicaSet web-1 no longer has revision 1',
      });
      assert.deepEqual(spec()?.template, now);
    });

    it('is refused if it would change a field that is not allowed', async () => {
      replicaSet(1, { ...old, spec: { ...old.spec, hostNetwork: true } });
      const outcome = await inject('rollback');
      assert.match('reason' in outcome ? outcome.reason : '', /spec\.template\.spec\.hostNetwork must not be changed/);
      assert.deepEqual(spec()?.template, now);
    });
  });

  it('stays in the journal if it cannot be undone', async () => {
    const { jsonPatch } = kube;
    kube.jsonPatch = async (ref, change) => {
      await jsonPatch.call(kube, ref, change);
      kube.jsonPatch = () => Promise.reject(new Error('forbidden'));
    };
    await assert.rejects(inject('scale', { replicas: 4 }), /undo the patch of Deployment shop\/web: forbidden/);
    kube.jsonPatch = jsonPatch;
    assert.deepEqual(await healFrom(journal(), await look(), progress), []);
    assert.equal(spec()?.replicas, 2);
  });

  it('is not injected if its plan is not approved', async () => {
    const refuse = () => Promise.reject(new Error('no'));
    await assert.rejects(inject('pod-delete', {}, refuse), /^Error: no$/);
    assert.deepEqual(names(), ['web-1', 'web-2']);
    assert.ok(!existsSync(journal()));
  });

  describe('is refused', () => {
    const untouched = () => assert.deepEqual(names(), ['web-1', 'web-2']);

    it('if it touches nodes, with the names of the faults that do not', async () => {
      await assert.rejects(inject('drain', { nodes: { pick: 'zone' } }), /drain touches nodes.*Allowed.*pod-delete/);
      await assert.rejects(inject('cordon', { nodes: { pick: 'zone' } }), /touches nodes/);
      await assert.rejects(inject('dependency-off'), (error: Error) => !/other:.*dependency-off/.test(error.message));
      untouched();
    });

    for (const [what, change] of Object.entries({
      authority: () => {
        kube.caCertificate = authority(1);
      },
      server: () => {
        kube.server = 'https://10.9.9.9:6443';
      },
      'kube-system': () => {
        const metadata = { name: 'kube-system', uid: 'uid-2' };
        kube.objects.set('Namespace//kube-system', { kind: 'Namespace', metadata });
      },
    })) {
      it(`if the context has another ${what} since it was planned`, async () => {
        await assert.rejects(
          inject('pod-delete', {}, async () => change()),
          (error) => error instanceof NotOurs && error.message.includes(what),
        );
        untouched();
        assert.ok(!existsSync(journal()));
      });

      it(`and not healed if the context has another ${what} since it was injected`, async () => {
        await dies('scale', { replicas: 4 });
        change();
        const errors = await healFrom(journal(), await look(), progress);
        assert.equal(errors.length, 2);
        for (const error of errors) assert.ok(error.message.includes(what), error.message);
        assert.equal(spec()?.replicas, 4);
        assert.equal(openActions(journal()).length, 2);
      });
    }

    it('if the cluster cannot be identified', async () => {
      kube.objects.delete('Namespace//kube-system');
      await assert.rejects(inject('pod-delete'), NotOurs);
      kube.caCertificate = '';
      await assert.rejects(inject('pod-delete'), /has no certificate authority/);
      untouched();
    });

    it('if the user may not read kube-system', async () => {
      kube.read = () => Promise.reject(Object.assign(new Error('namespaces is forbidden'), { statusCode: 403 }));
      await assert.rejects(inject('pod-delete'), /is forbidden\nholdfast recognises a cluster by this namespace/);
    });

    it('if the workload is not available or does not exist', async () => {
      if (kube.owner.status) kube.owner.status.availableReplicas = 1;
      await assert.rejects(
        inject('pod-delete'),
        (error) => error instanceof NoTarget && /2 updated and available replicas \(now 1\)/.test(error.message),
      );
      kube.objects.delete('Deployment/shop/web');
      await assert.rejects(inject('pod-delete'), NoTarget);
      untouched();
    });

    it('if no Service selects exactly its pods', async () => {
      const other = { kind: 'Pod', metadata: { name: 'canary-1', namespace: 'shop', labels: { app: 'web' } } };
      const expression = { key: 'version', operator: 'Exists' };
      Object.assign(kube.owner.spec?.selector ?? {}, { matchExpressions: [expression] });
      kube.objects.set('Pod/shop/canary-1', other);
      await assert.rejects(
        inject('pod-delete'),
        /no Service in shop selects exactly the pods of Deployment shop\/web, .* Create a Service /,
      );
      kube.objects.delete('Pod/shop/canary-1');
      kube.objects.delete('Service/shop/web');
      await assert.rejects(inject('pod-delete'), /no Service in shop/);
      untouched();
    });
  });

  it('stops when its signal aborts, and is undone', async () => {
    const before = spec();
    const { jsonPatch } = kube;
    kube.jsonPatch = async (ref, change) => {
      kube.jsonPatch = jsonPatch;
      await kube.jsonPatch(ref, change);
      stopping.abort(new Error('interrupted'));
    };
    await assert.rejects(inject('scale', { replicas: 4 }), /interrupted/);
    assert.deepEqual(spec(), before);
    assert.ok(!existsSync(journal()));
  });
});
