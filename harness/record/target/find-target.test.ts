import assert from 'node:assert/strict';
import type { Owner, OwnerKind } from '../../model/owner.ts';
import { FakeKube } from '../../sys/testing/kube.ts';
import { NoTarget } from '../fault/fault.ts';
import { findTarget } from './find-target.ts';

const namespace = 'shop';
type Labels = { readonly [key: string]: string };

describe('a target', () => {
  let kube: FakeKube;
  const put = (kind: string, name: string, { metadata, ...rest }: { metadata?: object; [field: string]: unknown }) =>
    kube.objects.set(`${kind}/${namespace}/${name}`, { kind, metadata: { name, namespace, ...metadata }, ...rest });
  const owner = (kind: OwnerKind, name: string, labels: Labels, replicas = 2) =>
    put(kind, name, { spec: { replicas, selector: { matchLabels: labels }, template: {} } });
  const pod = (name: string, labels: Labels, more: object = {}) =>
    put('Pod', name, {
      metadata: { labels },
      spec: { nodeName: 'n1', containers: [] },
      status: { phase: 'Running' },
      ...more,
    });
  const service = (name: string, selector: Labels | undefined, more: object = {}) =>
    put('Service', name, {
      spec: {
        selector,
        clusterIP: '10.96.0.9',
        ipFamilies: ['IPv4'],
        ports: [{ port: 80, targetPort: 8080 }],
        ...more,
      },
    });
  const web: Owner = { kind: 'Deployment', name: 'web' };
  const db: Owner = { kind: 'StatefulSet', name: 'db' };
  const found = (by: Parameters<typeof findTarget>[1]) => findTarget({ kube, namespace }, by);

  beforeEach(() => {
    kube = new FakeKube();
    owner('Deployment', 'web', { app: 'web' });
    owner('StatefulSet', 'db', { app: 'db' });
    for (const name of ['web-1', 'web-2']) pod(name, { app: 'web', version: '1' });
    for (const name of ['db-0', 'db-1']) pod(name, { app: 'db' });
    service('front', { app: 'web' });
    service('store', { app: 'db' }, { ports: [{ port: 5432 }], ipFamilies: ['IPv6', 'IPv4'], clusterIP: 'fd00::9' });
  });

  it('is found by its owner, with the Service that selects exactly its pods', async () => {
    assert.deepEqual(await found({ owner: web }), {
      namespace,
      owner: web,
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      pods: [
        { name: 'web-1', node: 'n1' },
        { name: 'web-2', node: 'n1' },
      ],
      service: { name: 'front', clusterIp: '10.96.0.9', port: 80, targetPort: 8080, family: 'IPv4' },
      services: ['front'],
    });
  });

  it('is the same if it is found by its Service', async () => {
    assert.deepEqual(await found({ service: 'front' }), await found({ owner: web }));
    assert.deepEqual(await found({ service: 'store' }), await found({ owner: db }));
    const { owner, service } = await found({ service: 'store' });
    assert.deepEqual(owner, db);
    assert.deepEqual(service, { name: 'store', clusterIp: 'fd00::9', port: 5432, targetPort: 5432, family: 'IPv6' });
  });

  it('has no terminating and no completed pods', async () => {
    pod('web-3', { app: 'web' }, { metadata: { labels: { app: 'web' }, deletionTimestamp: new Date() } });
    pod('web-4', { app: 'other' }, { metadata: { labels: { app: 'web' } }, status: { phase: 'Succeeded' } });
    pod('job-1', { app: 'web', job: 'x' }, { status: { phase: 'Failed' } });
    assert.deepEqual(
      (await found({ owner: web })).pods.map(({ name }) => name),
      ['web-1', 'web-2'],
    );
  });

  it('has the number of a target port with a name, also of a sidecar, and only of the same protocol', async () => {
    const ports = (name: string, containerPort: number, protocol?: string) => [{ name, containerPort, protocol }];
    const containers = [{ ports: ports('http', 53, 'UDP') }, { ports: ports('http', 8080) }];
    const initContainers = [
      { ports: ports('proxy', 1) },
      { restartPolicy: 'Always', ports: ports('proxy', 15001, 'TCP') },
    ];
    for (const name of ['web-1', 'web-2']) pod(name, { app: 'web' }, { spec: { containers, initContainers } });
    const portOf = async (targetPort: string) => {
      service('front', { app: 'web' }, { ports: [{ port: 80, targetPort, protocol: 'TCP' }] });
      return (await found({ service: 'front' })).service.targetPort;
    };
    assert.equal(await portOf('http'), 8080);
    assert.equal(await portOf('proxy'), 15001);
    await assert.rejects(portOf('https'), /^NoTarget: Service shop\/front has the target port https, but no container/);
  });

  it('has the first Service by name if several select its pods, and names all of them', async () => {
    service('a-headless', { app: 'web' }, { clusterIP: 'None' });
    service('back', { app: 'web' });
    service('canary', { app: 'web', version: '2' });
    const { service: chosen, services } = await found({ owner: web });
    assert.deepEqual([chosen.name, services], ['back', ['back', 'front']]);
    assert.equal((await found({ service: 'front' })).service.name, 'front');
  });

  const refused: { readonly [what: string]: readonly [() => void, Parameters<typeof findTarget>[1], RegExp] } = {
    'there is no such owner': [
      () => {},
      { owner: { kind: 'StatefulSet', name: 'web' } },
      /^there is no StatefulSet shop\/web\. Check its kind, namespace and name$/,
    ],
    'there is no such Service': [
      () => {},
      { service: 'web' },
      /^there is no Service shop\/web, which the clients of the workload use\. Add it to the objects of the workload$/,
    ],
    'its owner has no pods': [
      () => owner('Deployment', 'idle', { app: 'idle' }, 0),
      { owner: { kind: 'Deployment', name: 'idle' } },
      /^Deployment shop\/idle has no pod\. Scale it up$/,
    ],
    'no Service selects its pods': [
      () => kube.objects.delete('Service/shop/store'),
      { owner: db },
      /^no Service in shop selects exactly the pods of StatefulSet shop\/db, .*\. Create a Service whose selector /,
    ],
    'every Service selects other pods too': [
      () => pod('canary-1', { app: 'db' }, { metadata: { labels: { app: 'db', canary: 'yes' } } }) && narrow(),
      { owner: db },
      /^no Service in shop selects exactly the pods of StatefulSet shop\/db/,
    ],
    'its Service selects the pods of two owners': [
      () => service('all', { tier: 'all' }) && tier('web-1', 'db-0'),
      { service: 'all' },
      /^Service shop\/all does not select exactly the pods of one Deployment or StatefulSet\. Change its selector /,
    ],
    'its Service has no selector': [
      () => service('external', undefined),
      { service: 'external' },
      /^Service shop\/external does not select exactly the pods of one/,
    ],
    'two owners have the same selector': [
      () => owner('Deployment', 'twin', { app: 'db' }),
      { service: 'store' },
      /^the pods of Service shop\/store belong to Deployment shop\/twin and StatefulSet shop\/db\. Give them different/,
    ],
    'its only Service is headless': [
      () => service('store', { app: 'db' }, { clusterIP: 'None' }),
      { owner: db },
      /^Service shop\/store has no cluster IP, and headless Services are not supported yet\. Add a Service with a cluster/,
    ],
    'the Service of its clients is headless': [
      () => service('store', { app: 'db' }, { clusterIP: 'None' }),
      { service: 'store' },
      /^Service shop\/store has no cluster IP, and headless Services are not supported yet/,
    ],
    'its Service has no port': [
      () => service('store', { app: 'db' }, { ports: [] }),
      { owner: db },
      /^Service shop\/store has no port\. Add the port that its clients use$/,
    ],
  };
  /** The StatefulSet selects only some of the pods with its label. */
  const narrow = () =>
    put('StatefulSet', 'db', {
      spec: {
        selector: { matchLabels: { app: 'db' }, matchExpressions: [{ key: 'canary', operator: 'DoesNotExist' }] },
      },
    });
  const tier = (...names: readonly string[]) => {
    for (const name of names) pod(name, { app: name.split('-')[0] ?? '', tier: 'all' });
  };
  for (const [what, [change, by, words]] of Object.entries(refused)) {
    it(`is refused with the way out if ${what}`, async () => {
      change();
      await assert.rejects(found(by), (error) => {
        assert.ok(error instanceof NoTarget, String(error));
        assert.match(error.message, words);
        return true;
      });
    });
  }
});
