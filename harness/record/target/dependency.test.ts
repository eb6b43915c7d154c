import assert from 'node:assert/strict';
import { FakeKube } from '../../sys/testing/kube.ts';
import { dependencyAddress } from './dependency.ts';

describe('the address of the dependency', () => {
  const namespace = 'shop';
  const service = (name: string, labels: { [key: string]: string }, spec: object) => ({
    kind: 'Service',
    metadata: { name, namespace, labels },
    ...{ spec },
  });
  const spec = { clusterIP: '10.96.0.8', ports: [{ port: 80 }] };

  it('is that of the Service with its label', async () => {
    const kube = new FakeKube();
    await kube.create(service('web', {}, { ...spec, clusterIP: '10.96.0.7' }));
    assert.equal(await dependencyAddress({ kube, namespace }), undefined);
    await kube.create(service('db', { 'holdfast.dev/dependency': 'true' }, spec));
    assert.equal(await dependencyAddress({ kube, namespace }), '10.96.0.8:80');
  });

  it('is refused if that Service is headless', async () => {
    const kube = new FakeKube();
    await kube.create(service('db', { 'holdfast.dev/dependency': 'true' }, { ...spec, clusterIP: 'None' }));
    await assert.rejects(dependencyAddress({ kube, namespace }), /^NoTarget: Service shop\/db has no cluster IP/);
  });
});
