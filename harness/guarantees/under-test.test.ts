import assert from 'node:assert/strict';
import type { Manifest, Manifests } from '../model/manifest.ts';
import { UsageError } from '../model/usage-error.ts';
import { ownerWith, serviceWith } from './testing/parts.ts';
import { underTest } from './under-test.ts';

const named = (object: Manifest, name: string): Manifest => ({ ...object, metadata: { ...object.metadata, name } });
const find = (objects: Manifests) => underTest(objects, { service: 'web' });

describe('what is under test', () => {
  it('is the owner of the pods that the Service selects', () => {
    const other = ownerWith({
      spec: {
        selector: { matchLabels: { app: 'db' } },
        template: { metadata: { labels: { app: 'db' } }, spec: { containers: [] } },
      },
    });
    for (const kind of ['Deployment', 'StatefulSet'] as const)
      assert.deepEqual(
        find([serviceWith({}, 'db'), named(other, 'db'), serviceWith(), named(ownerWith({}, kind), 'shop')]),
        {
          owner: { kind, name: 'shop' },
          service: 'web',
          container: 'server',
        },
      );
  });

  it('is in the namespace of the Service', () => {
    const elsewhere = { ...ownerWith(), metadata: { name: 'other', namespace: 'b' } };
    const service = { ...serviceWith(), metadata: { name: 'web', namespace: 'a' } };
    assert.equal(find([elsewhere, ownerWith(), service]).owner.name, 'web');
  });

  const proxy = { name: 'proxy', image: 'proxy:1', ports: [{ containerPort: 8080, name: 'http' }] };
  const containers: { readonly [what: string]: readonly [Manifests, string] } = {
    'the only container, even if it does not name the port': [[ownerWith(), serviceWith()], 'server'],
    'the container with the number of the target port': [[ownerWith({ more: [proxy] }), serviceWith()], 'proxy'],
    'the container with the name of the target port': [
      [ownerWith({ more: [proxy] }), serviceWith({ ports: [{ port: 80, targetPort: 'http' }] })],
      'proxy',
    ],
    'the container with the port of the Service, if that has no target port': [
      [ownerWith({ more: [proxy] }), serviceWith({ ports: [{ port: 8080 }] })],
      'proxy',
    ],
    'a native sidecar with the target port': [
      [ownerWith({ pod: { initContainers: [{ ...proxy, restartPolicy: 'Always' }] } }), serviceWith()],
      'proxy',
    ],
  };
  for (const [what, [objects, container]] of Object.entries(containers))
    it(`is served by ${what}`, () => assert.equal(find(objects).container, container));
});

describe('what is under test is refused', () => {
  const daemons: Manifest = { ...ownerWith(), kind: 'DaemonSet', metadata: { name: 'agent' } };
  const cases: { readonly [what: string]: readonly [Manifests, RegExp] } = {
    'without a Service': [
      [ownerWith()],
      /^the manifests have no Service, so clients cannot reach the workload\. Add Service web$/,
    ],
    'without the Service of the clients': [
      [ownerWith(), serviceWith({}, 'shop'), serviceWith({}, 'db')],
      /^the manifests have no Service web\. Services: shop, db$/,
    ],
    'with the Service twice': [
      [ownerWith(), serviceWith(), serviceWith()],
      /^the manifests have 2 Services web\. Keep one/,
    ],
    'with a Service without a selector': [
      [ownerWith(), serviceWith({ selector: {} })],
      /^Service web has no selector, so it selects no pods\. Add the labels/,
    ],
    'with a Service that selects nothing': [
      [ownerWith(), serviceWith({ selector: { app: 'shop' } })],
      /^Service web selects app=shop, but no pods in the manifests have these labels\. Use the labels in .* of Deployment web$/,
    ],
    'without an owner': [
      [serviceWith()],
      /but no pods in the manifests have these labels\. Use .* of a Deployment or StatefulSet$/,
    ],
    'with two owners': [
      [ownerWith(), named(ownerWith({}, 'StatefulSet'), 'db'), serviceWith()],
      /^Service web selects app=web, which are the pods of Deployment web and StatefulSet db\. Change its selector/,
    ],
    'with an owner and a pod': [
      [
        ownerWith(),
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'one', labels: { app: 'web' } } },
        serviceWith(),
      ],
      /which are the pods of Deployment web and Pod one\./,
    ],
    'with a DaemonSet': [
      [daemons, serviceWith()],
      /which are the pods of DaemonSet agent\. Only pods of a Deployment or a StatefulSet can be tested$/,
    ],
    'with an owner that does not select its pods': [
      [ownerWith({ spec: { selector: { matchLabels: { app: 'shop' } } } }), serviceWith()],
      /^Deployment web does not select its own pods, which the API refuses\./,
    ],
    'without a container': [
      [ownerWith({ pod: { containers: [] } }), serviceWith()],
      /^Deployment web has no container with a name/,
    ],
    'with a Service without a port': [
      [ownerWith(), serviceWith({ ports: [] })],
      /^Service web has no port\. Add the port/,
    ],
    'with several containers without the port': [
      [ownerWith({ more: [{ name: 'proxy', image: 'proxy:1' }] }), serviceWith()],
      /^no container of Deployment web has the target port 8080 of Service web\. Add it to the ports of the container that serves it$/,
    ],
    'with a name of a port that the container does not have': [
      [ownerWith(), serviceWith({ ports: [{ port: 80, targetPort: 'http' }] })],
      /^no container of Deployment web has the target port http of Service web\. Add it to the ports of container server$/,
    ],
  };
  for (const [what, [objects, message]] of Object.entries(cases))
    it(what, () =>
      assert.throws(
        () => find(objects),
        (error) => {
          assert.ok(error instanceof UsageError, String(error));
          assert.match(error.message, message);
          return true;
        },
      ),
    );
});
