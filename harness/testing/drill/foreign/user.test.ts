import assert from 'node:assert/strict';
import { parse } from 'yaml';
import type { KubernetesObject } from '../../../sys/kube.ts';
import { FakeKube } from '../../../sys/testing/kube.ts';
import { authority } from '../../../sys/testing/kubeconfig.ts';
import { kubeconfigOfUser, removeRightsElsewhere, rightsIn } from './user.ts';

const namespace = 'db-team';

describe('the documented rights of a user', () => {
  it('are in the namespace of the workload, except for the right to recognise the cluster', () => {
    const elsewhere = rightsIn(namespace).filter(({ metadata }) => metadata?.namespace !== namespace);
    assert.deepEqual(
      elsewhere.map(({ kind, metadata }) => `${kind} ${metadata?.namespace}/${metadata?.name}`),
      ['Role kube-system/holdfast-db-team', 'RoleBinding kube-system/holdfast-db-team'],
    );
    const [role] = elsewhere as readonly (KubernetesObject & { readonly rules?: unknown })[];
    const get = { apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] };
    assert.deepEqual(role?.rules, [get]);
  });

  it('belong to this user', () => {
    for (const object of rightsIn(namespace)) {
      const { kind, subjects } = object as KubernetesObject & { readonly subjects?: unknown };
      if (kind === 'RoleBinding') assert.deepEqual(subjects, [{ kind: 'ServiceAccount', name: 'holdfast', namespace }]);
    }
  });
});

describe('the kubeconfig of a user', () => {
  it('holds its token, and the rights outside of its namespace can be removed', async () => {
    const kube = new FakeKube();
    kube.caCertificate = authority(0);
    const { signal } = new AbortController();
    const made = kubeconfigOfUser(kube, namespace, { context: 'foreign', signal });
    setTimeout(() => {
      const secret = kube.objects.get(`Secret/${namespace}/holdfast`) as { data?: object } | undefined;
      Object.assign(secret ?? {}, { data: { token: Buffer.from('token-of-a-user').toString('base64') } });
    }, 50);
    const { users, contexts } = parse(await made);
    assert.deepEqual(users, [{ name: 'foreign', user: { token: 'token-of-a-user' } }]);
    assert.equal(contexts.length, 1);
    await removeRightsElsewhere(kube, namespace);
    assert.deepEqual(
      [...kube.objects.keys()].filter((key) => key.includes('kube-system')),
      [],
    );
    assert.ok(kube.objects.has(`Role/${namespace}/holdfast`));
  });
});
