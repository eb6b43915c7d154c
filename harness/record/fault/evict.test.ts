import assert from 'node:assert/strict';
import type { Json } from '../../model/units.ts';
import type { EvictionResponse } from '../../sys/kube.ts';
import { FakeKube } from '../../sys/testing/kube.ts';
import { evict } from './evict.ts';
import { type NamespaceContext, NoTarget } from './fault.ts';

const namespace = 'shop';

describe('evict', () => {
  let kube: FakeKube;
  let answers: Json[];
  let stopping: AbortController;

  beforeEach(async () => {
    kube = new FakeKube();
    answers = [];
    stopping = new AbortController();
    const selector = { matchLabels: { app: 'web' } };
    await kube.create({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace },
      ...{ spec: { replicas: 2, selector } },
    });
    await pod('web-1', 'web', namespace);
    await pod('web-2', 'web', namespace);
    await pod('api-1', 'api', namespace);
    await pod('web-9', 'web', 'elsewhere');
  });

  const pod = (name: string, app: string, where: string, more: object = {}) =>
    kube.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: where, labels: { app }, ...more },
      ...{ spec: { nodeName: 'w1' } },
    });
  const context = (): NamespaceContext => ({
    kube,
    namespace,
    owner: { kind: 'Deployment', name: 'web' },
    id: 'it',
    signal: stopping.signal,
    record: (source, type, { name }, data) =>
      void answers.push(`${source} ${type} ${name} ${(data as { code: number }).code}`),
  });
  const plan = (params: object) => evict.fault.plan(context(), evict.fault.params.parse(params));
  /** Gives these answers in order, and then repeats the last one. */
  const answering = (...responses: EvictionResponse[]) => {
    const allowed = kube.evict.bind(kube);
    kube.evict = async (where, name) => {
      const response = responses.length > 1 ? responses.shift() : responses[0];
      return response && response.code !== 201 ? response : allowed(where, name);
    };
  };
  const refusal: EvictionResponse = { code: 429, message: 'budget' };

  it('evicts one pod of the workload or all of them, and no other pod', async () => {
    const names = async (params: object) => (await plan(params)).pods.map(({ name }) => name);
    assert.deepEqual(await names({}), ['web-1']);
    assert.deepEqual(await names({ count: 'all' }), ['web-1', 'web-2']);
    await assert.rejects(names({ count: 3 }), NoTarget);
  });

  it('leaves out a terminating pod', async () => {
    await pod('web-0', 'web', namespace, { deletionTimestamp: new Date() });
    assert.deepEqual(
      (await plan({})).pods.map(({ name }) => name),
      ['web-1'],
    );
  });

  it('retries after a refusal, and records every answer', async () => {
    answering(refusal, { code: 500, message: 'two budgets' }, { code: 201, message: '' });
    await evict.fault.inject(context(), { ...(await plan({})), retryMs: 1 });
    assert.deepEqual(answers, [
      'eviction refused web-1 429',
      'eviction refused web-1 500',
      'eviction allowed web-1 201',
    ]);
    assert.deepEqual(
      [...kube.objects.keys()].filter((key) => key.startsWith('Pod/shop/web')),
      ['Pod/shop/web-2'],
    );
  });

  it('stops at its time limit, and leaves the pod alone', async () => {
    answering(refusal);
    await evict.fault.inject(context(), { ...(await plan({ finishes: false })), retryMs: 20, timeLimitMs: 30 });
    assert.deepEqual(new Set(answers), new Set(['eviction refused web-1 429']));
    assert.ok(kube.objects.has('Pod/shop/web-1'));
  });

  it('throws the message of the API for any other answer', async () => {
    answering({ code: 403, message: 'may not create pods/eviction' });
    await assert.rejects(
      plan({}).then((planned) => evict.fault.inject(context(), planned)),
      /may not create pods\/eviction/,
    );
    assert.deepEqual(answers, ['eviction failed web-1 403']);
  });

  it('stops when its signal aborts', async () => {
    answering(refusal);
    setTimeout(() => stopping.abort(new Error('interrupted')), 20);
    await assert.rejects(
      plan({}).then((planned) => evict.fault.inject(context(), planned)),
      /interrupted/,
    );
  });
});
