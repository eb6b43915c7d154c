import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { Json } from '../../model/units.ts';
import type { Operation } from '../../sys/kube.ts';
import { openActions } from '../undo/journal.ts';
import { podLabels, SimulatedInjection } from './testing/simulated-injection.ts';

describe('a fault in a cluster that holdfast did not create', () => {
  let injection: SimulatedInjection;
  beforeEach(() => {
    injection = new SimulatedInjection();
  });
  afterEach(() => injection.remove());

  it('takes effect, and leaves no journal', async () => {
    assert.deepEqual(await injection.inject('pod-delete'), { saw: 'web-1 gone, and 2 endpoints ready' });
    assert.deepEqual(injection.podNames(), ['web-2', 'web-3']);
    assert.ok(!existsSync(injection.journal));
  });

  it('evicts, and reports the number of refusals', async () => {
    assert.deepEqual(await injection.inject('evict', { count: 'all' }), {
      saw: '2 pods evicted and gone, after 0 refusals',
    });
    injection.kube.evictionAnswer = { code: 429, message: 'budget' };
    const refused = await injection.inject('evict', { finishes: false, timeLimitMs: 50, retryMs: 100 });
    assert.match('saw' in refused ? refused.saw : '', /^\d evictions refused, 1 of 1 pods still there$/);
    const tooLate = await injection.inject('evict', { timeLimitMs: 50 });
    assert.match(JSON.stringify(tooLate), /^{"reason":"evict to take effect: timed out .* to be evicted and gone"}$/);
  });

  describe('on a StatefulSet', () => {
    beforeEach(() => {
      injection.remove();
      injection = new SimulatedInjection('StatefulSet');
    });

    it('deletes pods, whose names are used again', async () => {
      assert.deepEqual(await injection.inject('pod-delete'), { saw: 'web-0 gone, and 2 endpoints ready' });
      assert.deepEqual(injection.podNames().sort(), ['web-0', 'web-1']);
    });

    for (const name of ['rollout', 'restart'])
      it(`replaces every pod by one of the same name: ${name}`, async () => {
        const outcome = await injection.inject(name);
        assert.match('saw' in outcome ? outcome.saw : '', /^all 2 pods of revision \w+ replaced by 2 of revision \w+$/);
        const [plan] = injection.approved as readonly { readonly owner?: Json; readonly oldPods?: Json }[];
        assert.deepEqual([plan?.owner, plan?.oldPods], [{ kind: 'StatefulSet', name: 'web' }, ['web-0', 'web-1']]);
      });

    it('has no target if the fault needs a Deployment', async () => {
      const needing = [
        ['recreate', {}],
        ['rollback', {}],
        ['rollout', { finishes: false }],
        // Its pod would stay after the undoing.
        ['bad-version', {}],
      ] as const;
      for (const [name, params] of needing) {
        const outcome = await injection.inject(name, params);
        assert.match(
          'reason' in outcome ? outcome.reason : '',
          /^StatefulSet shop\/web is not a Deployment\. \w/,
          name,
        );
      }
      assert.equal(injection.kube.owner.metadata?.generation, 1);
    });

    it('watches StatefulSets and no Deployments, which its user may not be allowed to read', async () => {
      const { kube } = injection;
      const { list } = kube;
      kube.list = async (apiVersion, kind, ...rest) => {
        if (kind === 'Deployment') throw Object.assign(new Error('deployments is forbidden'), { statusCode: 403 });
        return list.call(kube, apiVersion, kind, ...rest) as never;
      };
      assert.ok('saw' in (await injection.inject('scale', { replicas: 4 })));
    });
  });

  it('is in the journal before it is done', async () => {
    const { kube, journal } = injection;
    let open: string[] = [];
    const remove = kube.remove.bind(kube);
    kube.remove = async (ref) => {
      open = openActions(journal).map(({ action }) => action.kind);
      await remove(ref);
    };
    await injection.inject('pod-delete');
    assert.deepEqual(open, ['inject']);
  });

  it('names the revisions of the pods that a rollout replaced, which need no label `version`', async () => {
    const hashes = () => new Set(injection.kube.pods.map(({ metadata }) => metadata?.labels?.['pod-template-hash']));
    const [from] = hashes();
    const outcome = await injection.inject('rollout');
    assert.match('saw' in outcome ? outcome.saw : '', new RegExp(`^all 2 pods of revision ${from} replaced by 2 of `));
    assert.deepEqual(injection.approved[0], {
      ...{ owner: { kind: 'Deployment', name: 'web' }, generation: 1, from, oldPods: ['web-1', 'web-2'] },
      ...{ finishes: true, timeLimitMs: 20_000 },
    });
    assert.deepEqual([...hashes()], [from]);
  });

  it('is not injected if someone changed the same field between the read and the patch', async () => {
    injection.beforePatch(() => injection.patchAsSomeoneElse({ spec: { replicas: 7 } }));
    assert.deepEqual(await injection.inject('scale', { replicas: 4 }), {
      reason: 'Deployment shop/web: spec.replicas was changed by someone else in the meantime',
    });
    assert.equal(injection.spec()?.replicas, 7);
    assert.deepEqual(injection.told, []);
    assert.ok(!existsSync(injection.journal));
  });

  it('is injected if someone changed another field, and keeps that change', async () => {
    const { kube } = injection;
    const answers: string[] = [];
    const { jsonPatch } = kube;
    kube.jsonPatch = async (ref, operations) => {
      if (answers.length === 0) await injection.patchAsSomeoneElse(podLabels({ team: 'theirs' }));
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
    await injection.inject('restart');
    assert.deepEqual(answers, ['refused', 'done', 'done']);
    assert.deepEqual(injection.spec()?.template.metadata, { labels: { app: 'web', team: 'theirs' } });
  });

  it('fails if it was undone and the workload is not available again', async () => {
    const before = injection.spec();
    const { kube } = injection;
    const { jsonPatch, read } = kube;
    const { now } = performance;
    let aheadMs = 0;
    let patches = 0;
    performance.now = () => now.call(performance) + aheadMs;
    kube.jsonPatch = async (ref, operations) => {
      await jsonPatch.call(kube, ref, operations);
      if (++patches === 2) Object.assign(kube.owner.status ?? {}, { availableReplicas: 1 });
    };
    kube.read = async (ref) => {
      if (patches === 2 && ref.kind === 'Deployment') aheadMs += 50_000;
      return read.call(kube, ref) as never;
    };
    try {
      await assert.rejects(
        injection.inject('scale', { replicas: 4 }),
        /^NotInTime: all changes were undone, but the workload is not available again\. Deployment shop\/web: timed out/,
      );
    } finally {
      performance.now = now;
    }
    assert.deepEqual(injection.spec(), before);
    assert.ok(!existsSync(injection.journal));
  });

  it('fails if the server always refuses its tests', async () => {
    const before = injection.spec();
    let sent = 0;
    injection.kube.jsonPatch = async () => {
      sent++;
      throw Object.assign(new Error('patch Deployment web: testing value failed'), { statusCode: 422 });
    };
    assert.deepEqual(await injection.inject('scale', { replicas: 4 }), {
      reason: 'patch Deployment web: testing value failed',
    });
    assert.equal(sent, 5);
    assert.deepEqual(injection.spec(), before);
    assert.ok(!existsSync(injection.journal));
  });

  it('sends no patch without tests', async () => {
    const { kube } = injection;
    const sent: Operation[][] = [];
    const { jsonPatch } = kube;
    kube.patch = () => Promise.reject(new Error('a patch that overwrites'));
    kube.jsonPatch = async (ref, operations) => {
      sent.push([...operations]);
      await jsonPatch.call(kube, ref, operations);
    };
    await injection.inject('scale', { replicas: 4 });
    assert.deepEqual(
      sent.map((operations) => operations.map(({ op }) => op)),
      [
        ['test', 'replace'],
        ['test', 'replace'],
      ],
    );
  });
});
