import assert from 'node:assert/strict';
import { UsageError } from '../../model/usage-error.ts';
import type { Kube } from '../../sys/kube.ts';
import { FakeKube } from '../../sys/testing/kube.ts';
import { confine } from './confine.ts';

const pod = (namespace: string) => ({ apiVersion: 'v1', kind: 'Pod', name: 'web-1', namespace });
const deployment = (namespace: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace });
const replicas = [
  { op: 'test', path: '/spec/replicas', value: 2 },
  { op: 'replace', path: '/spec/replicas', value: 3 },
] as const;
const node = { apiVersion: 'v1', kind: 'Node', name: 'n1' };

describe('a client for one namespace', () => {
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
      readJson: note('readJson', undefined),
      jsonPatch: note('jsonPatch', undefined),
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

  it('allows what faults and observers need', async () => {
    await kube.read(deployment('shop'));
    await kube.readJson({ ...deployment('shop'), kind: 'ReplicaSet' });
    await kube.jsonPatch(deployment('shop'), replicas);
    await kube.jsonPatch({ ...deployment('shop'), kind: 'StatefulSet' }, replicas);
    await kube.jsonPatch(deployment('shop'), [
      { op: 'add', path: '/spec/template/metadata/annotations', value: {} },
      { op: 'add', path: '/spec/template/metadata/annotations/a~1b', value: 'c' },
      { op: 'add', path: '/spec/template/spec/containers/0/env/1', value: { name: 'A', value: 'B' } },
      { op: 'remove', path: '/spec/template/spec/containers/0/env/0' },
    ]);
    await kube.remove(pod('shop'), 0);
    await kube.list('v1', 'Pod', 'shop');
    await watch('/api/v1/namespaces/shop/pods');
    await watch('/apis/apps/v1/namespaces/shop/statefulsets');
    await kube.evict('shop', 'web-1');
    const patches = ['jsonPatch', 'jsonPatch', 'jsonPatch'];
    assert.deepEqual(asked, ['read', 'readJson', ...patches, 'remove', 'list', 'watch', 'watch', 'evict']);
  });

  const forbidden: { [what: string]: () => Promise<unknown> } = {
    'cordon, taint or label a node': () => kube.patch(node, { spec: { unschedulable: true } }),
    'patch a node that is said to be in the namespace': () =>
      kube.jsonPatch({ ...node, namespace: 'shop' }, [{ op: 'add', path: '/spec/unschedulable', value: true }]),
    'read a node that is said to be in the namespace': () => kube.read({ ...node, namespace: 'shop' }),
    'patch without tests': () => kube.patch(deployment('shop'), { spec: { replicas: 3 } }),
    'patch a pod': () => kube.jsonPatch(pod('shop'), replicas),
    'patch a look-alike of a Deployment': () =>
      kube.jsonPatch({ ...deployment('shop'), apiVersion: 'evil.example/v1' }, replicas),
    'delete a look-alike of a pod': () => kube.remove({ ...pod('shop'), apiVersion: 'evil.example/v1' }),
    'give rights to anybody': () =>
      kube.jsonPatch(
        { ...deployment('shop'), apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
        replicas,
      ),
    'read or list secrets': () => kube.read({ ...pod('shop'), kind: 'Secret' }),
    'list secrets': () => kube.list('v1', 'Secret', 'shop'),
    'watch secrets': () => watch('/api/v1/namespaces/shop/secrets'),
    'watch by a path that leads elsewhere': () => watch('/api/v1/namespaces/shop/pods/../../../nodes'),
    'read a node': () => kube.read(node),
    'list nodes': () => kube.list('v1', 'Node'),
    'list the pods of all namespaces': () => kube.list('v1', 'Pod'),
    'watch nodes': () => watch('/api/v1/nodes'),
    'watch another namespace': () => watch('/api/v1/namespaces/shopping/pods'),
    'read in another namespace': () => kube.read(pod('other')),
    'patch in another namespace': () => kube.jsonPatch(deployment('other'), replicas),
    'delete in another namespace': () => kube.remove(pod('other')),
    'evict in another namespace': () => kube.evict('other', 'web-1'),
    'look at logs': () => kube.logs('shop', 'web-1', false),
    'delete what no controller makes anew': () =>
      kube.remove({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: 'web', namespace: 'shop' }),
    'delete the namespace': () => kube.remove({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }),
    'create anything': () =>
      kube.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'mine', namespace: 'shop' } }),
  };
  const value = 'x';
  for (const path of ['/spec/serviceName', '/spec/updateStrategy', '/spec/volumeClaimTemplates'])
    forbidden[`replace ${path} of a StatefulSet`] = () =>
      kube.jsonPatch({ ...deployment('shop'), kind: 'StatefulSet' }, [{ op: 'replace', path, value }]);
  forbidden['patch a DaemonSet'] = () => kube.jsonPatch({ ...deployment('shop'), kind: 'DaemonSet' }, replicas);
  for (const operation of [
    { op: 'replace', path: '/spec/template', value },
    { op: 'replace', path: '', value },
    { op: 'replace', path: '/spec/template/metadata/labels', value: { app: 'x' } },
    { op: 'add', path: '/spec/template/metadata/labels', value: { app: 'x' } },
    { op: 'replace', path: '/metadata/labels/app', value },
    { op: 'replace', path: '/spec/selector', value },
    { op: 'add', path: '/spec/template/spec/serviceAccountName', value },
    { op: 'add', path: '/spec/template/spec/hostPID', value: true },
    { op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'evil', image: 'evil' } },
    { op: 'add', path: '/spec/template/spec/containers/0/securityContext', value: { privileged: true } },
    { op: 'add', path: '/spec/template/spec/volumes/0/hostPath', value: { path: '/' } },
    { op: 'add', path: '/spec/template/metadata/labels/__proto__', value },
    { op: 'add', path: '/spec/strategy/constructor/prototype', value },
    { op: 'move', from: '/spec/template/spec/volumes', path: '/spec/strategy' },
    { op: 'copy', from: '/spec/template/spec/volumes', path: '/spec/strategy' },
  ] as const) {
    forbidden[`${operation.op} ${operation.path} of a Deployment`] = () =>
      kube.jsonPatch(deployment('shop'), [...replicas, operation]);
  }
  for (const [what, act] of Object.entries(forbidden)) {
    it(`refuses to ${what}`, async () => {
      await assert.rejects(act(), UsageError);
      assert.deepEqual(asked, []);
    });
  }

  it('cannot be created for a namespace of Kubernetes', () => {
    for (const namespace of ['kube-system', 'kube-public', 'kube-node-lease'])
      assert.throws(() => confine(kube, namespace), UsageError);
  });
});
