import assert from 'node:assert/strict';
import { UsageError } from '../../model/usage-error.ts';
import { FakeKube } from '../../sys/kube.fake.ts';
import type { Kube } from '../../sys/kube.ts';
import { confine } from './confine.ts';

const pod = (namespace: string) => ({ apiVersion: 'v1', kind: 'Pod', name: 'web-1', namespace });
const node = { apiVersion: 'v1', kind: 'Node', name: 'n1' };

describe('hands for one namespace', () => {
  let asked: string[];
  let kube: Kube;
  beforeEach(() => {
    asked = [];
    const note =
      <T>(name: string, answer: T) =>
      async (): Promise<T> => {
        asked.push(name);
        return answer;
      };
    const open = Object.assign(new FakeKube(), {
      create: note('create', undefined),
      read: note('read', undefined),
      patch: note('patch', undefined),
      remove: note('remove', undefined),
      list: note('list', { items: [], resourceVersion: '' }),
      watch: note('watch', undefined),
      evict: note('evict', { code: 201, message: '' }),
      logs: note('logs', ''),
    });
    kube = confine(open as unknown as Kube, 'shop');
  });
  const { signal } = new AbortController();
  const watch = (path: string) =>
    kube.watch(path, { resourceVersion: '1', timeoutSeconds: 5 }, () => undefined, signal);

  it('do there what faults and observers need', async () => {
    await kube.read(pod('shop'));
    await kube.patch(pod('shop'), {});
    await kube.remove(pod('shop'), 0);
    await kube.list('v1', 'Pod', 'shop');
    await watch('/api/v1/namespaces/shop/pods');
    await kube.evict('shop', 'web-1');
    await kube.logs('shop', 'web-1', false);
    assert.deepEqual(asked, ['read', 'patch', 'remove', 'list', 'watch', 'evict', 'logs']);
  });

  const forbidden: { readonly [what: string]: () => Promise<unknown> } = {
    'cordon, taint or label a node': () => kube.patch(node, { spec: { unschedulable: true } }),
    'read a node': () => kube.read(node),
    'list nodes': () => kube.list('v1', 'Node'),
    'list the pods of all namespaces': () => kube.list('v1', 'Pod'),
    'watch nodes': () => watch('/api/v1/nodes'),
    'watch another namespace': () => watch('/api/v1/namespaces/shopping/pods'),
    'read in another namespace': () => kube.read(pod('other')),
    'patch in another namespace': () => kube.patch(pod('other'), {}),
    'delete in another namespace': () => kube.remove(pod('other')),
    'evict in another namespace': () => kube.evict('other', 'web-1'),
    'look at logs of another namespace': () => kube.logs('other', 'web-1', false),
    'delete what no controller makes anew': () =>
      kube.remove({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: 'web', namespace: 'shop' }),
    'delete the namespace': () => kube.remove({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }),
    'create anything': () =>
      kube.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'mine', namespace: 'shop' } }),
  };
  for (const [what, act] of Object.entries(forbidden)) {
    it(`do not ${what}`, async () => {
      await assert.rejects(act(), UsageError);
      assert.deepEqual(asked, []);
    });
  }
});
