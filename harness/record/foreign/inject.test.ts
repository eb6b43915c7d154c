import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../../model/progress.ts';
import type { Json } from '../../model/units.ts';
import { authority } from '../../sys/kubeconfig.fake.ts';
import { NoTarget } from '../fault/fault.ts';
import { healFrom } from '../heal.ts';
import { NotOurs } from '../identity.ts';
import { openDeeds } from '../journal.ts';
import { SomebodysKube } from './foreign.fake.ts';
import { type ForeignCluster, lookAt } from './foreign-cluster.ts';
import { injectInto } from './inject.ts';
import { untilSettled } from './workload.ts';

const progress: Progress = { plan() {}, now() {}, note() {}, step: (_, work) => work() };

describe('a fault on a cluster that is not ours', () => {
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
    lookAt(kube, {
      context: 'prod',
      namespace: 'shop',
      signal: stopping.signal,
      tell: (words) => void told.push(words),
    });
  const inject = async (name: string, params: { [key: string]: Json } = {}, refuse = async () => {}) =>
    injectInto({
      cluster: await look(),
      deployment: 'web',
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
  /** A harness that does nothing more once its first patch is made. */
  const dies = async (name: string, params: { [key: string]: Json }): Promise<void> => {
    const { patch } = kube;
    await new Promise<void>((died) => {
      kube.patch = async (ref, change) => {
        kube.patch = patch;
        await kube.patch(ref, change);
        died();
        await new Promise(() => undefined);
      };
      void inject(name, params);
    });
  };
  const names = () => kube.pods.map(({ metadata }) => metadata?.name);
  const spec = () => structuredClone(kube.deployment.spec);

  it('lands, after its plan was shown, and leaves no journal', async () => {
    assert.deepEqual(await inject('pod-delete'), { saw: 'web-1 gone, and 2 endpoints ready' });
    assert.deepEqual(approved, [{ pods: [{ name: 'web-1' }], replicas: 2 }]);
    assert.deepEqual(names(), ['web-2', 'web-3']);
    assert.ok(!existsSync(journal()));
  });

  it('evicts, and says how often it was refused', async () => {
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
    it(`sets back what ${name} changed`, async () => {
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
        openDeeds(journal()).map(({ deed }) => deed.kind),
        ['inject', 'patch'],
      );
      assert.deepEqual(await healFrom(journal(), await look(), progress), []);
      assert.deepEqual(spec(), before);
      assert.ok(!existsSync(journal()));
    });
  }

  it('is healed where somebody removed the workload since', async () => {
    await dies('scale', { replicas: 4 });
    kube.objects.delete('Deployment/shop/web');
    assert.deepEqual(await healFrom(journal(), await look(), progress), []);
    await untilSettled(await look(), 'web', stopping.signal);
  });

  it('is in the journal before it is done', async () => {
    let open: string[] = [];
    const remove = kube.remove.bind(kube);
    kube.remove = async (ref) => {
      open = openDeeds(journal()).map(({ deed }) => deed.kind);
      await remove(ref);
    };
    await inject('pod-delete');
    assert.deepEqual(open, ['inject']);
  });

  it('leaves alone what somebody else changed meanwhile, and says so', async () => {
    const { patch } = kube;
    kube.patch = async (ref, change) => {
      kube.patch = patch;
      await kube.patch(ref, change);
      await kube.patch(ref, { spec: { replicas: 7 } });
    };
    await inject('scale', { replicas: 4 });
    assert.equal(spec()?.replicas, 7);
    assert.deepEqual(told, ['Deployment web: spec.replicas was changed by somebody else since, and is left so']);
  });

  it('stays in the journal where it cannot be undone', async () => {
    const { patch } = kube;
    kube.patch = async (ref, change) => {
      await patch.call(kube, ref, change);
      kube.patch = () => Promise.reject(new Error('forbidden'));
    };
    await assert.rejects(inject('scale', { replicas: 4 }), /take back the patch of Deployment shop\/web: forbidden/);
    kube.patch = patch;
    assert.deepEqual(await healFrom(journal(), await look(), progress), []);
    assert.equal(spec()?.replicas, 2);
  });

  it('is not injected where its plan is refused', async () => {
    const refuse = () => Promise.reject(new Error('no'));
    await assert.rejects(inject('pod-delete', {}, refuse), /^Error: no$/);
    assert.deepEqual(names(), ['web-1', 'web-2']);
    assert.ok(!existsSync(journal()));
  });

  describe('is refused', () => {
    const untouched = () => assert.deepEqual(names(), ['web-1', 'web-2']);

    it('where it touches nodes, with the names of those that do not', async () => {
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
      it(`where the context got another ${what} since it was planned`, async () => {
        await assert.rejects(
          inject('pod-delete', {}, async () => change()),
          (error) => error instanceof NotOurs && error.message.includes(what),
        );
        untouched();
        assert.ok(!existsSync(journal()));
      });

      it(`and not healed where the context got another ${what} since it was injected`, async () => {
        await dies('scale', { replicas: 4 });
        change();
        const errors = await healFrom(journal(), await look(), progress);
        assert.equal(errors.length, 2);
        for (const error of errors) assert.ok(error.message.includes(what), error.message);
        assert.equal(spec()?.replicas, 4);
        assert.equal(openDeeds(journal()).length, 2);
      });
    }

    it('where nobody says which cluster it is', async () => {
      kube.objects.delete('Namespace//kube-system');
      await assert.rejects(inject('pod-delete'), NotOurs);
      kube.caCertificate = '';
      await assert.rejects(inject('pod-delete'), /names no certificate authority/);
      untouched();
    });

    it('where its user may not look which cluster it is', async () => {
      kube.read = () => Promise.reject(Object.assign(new Error('namespaces is forbidden'), { statusCode: 403 }));
      await assert.rejects(inject('pod-delete'), /is forbidden\nA cluster is known again by this namespace/);
    });

    it('where the workload is not well, or not there', async () => {
      if (kube.deployment.status) kube.deployment.status.availableReplicas = 1;
      await assert.rejects(inject('pod-delete'), (error) => error instanceof NoTarget && /1 of 2/.test(error.message));
      kube.objects.delete('Deployment/shop/web');
      await assert.rejects(inject('pod-delete'), NoTarget);
      untouched();
    });

    it('where no service would show that its pods serve, and theirs only', async () => {
      const other = { kind: 'Pod', metadata: { name: 'canary-1', namespace: 'shop', labels: { app: 'web' } } };
      const expression = { key: 'version', operator: 'Exists' };
      Object.assign(kube.deployment.spec?.selector ?? {}, { matchExpressions: [expression] });
      kube.objects.set('Pod/shop/canary-1', other);
      await assert.rejects(inject('pod-delete'), /no service of shop has the pods of web and no others/);
      kube.objects.delete('Pod/shop/canary-1');
      kube.objects.delete('Service/shop/web');
      await assert.rejects(inject('pod-delete'), /no service of shop/);
      untouched();
    });
  });

  it('ends with the signal, undone', async () => {
    const before = spec();
    const { patch } = kube;
    kube.patch = async (ref, change) => {
      kube.patch = patch;
      await kube.patch(ref, change);
      stopping.abort(new Error('interrupted'));
    };
    await assert.rejects(inject('scale', { replicas: 4 }), /interrupted/);
    assert.deepEqual(spec(), before);
    assert.ok(!existsSync(journal()));
  });
});
