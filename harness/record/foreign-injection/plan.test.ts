import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { Json } from '../../model/units.ts';
import { NoTarget } from '../fault/fault.ts';
import { NotOurs } from '../lab/identity.ts';
import { addRevisions, newTemplate, oldTemplate } from './testing/revisions.ts';
import { otherClusters, SimulatedInjection } from './testing/simulated-injection.ts';

describe('the plan of a fault in a cluster that holdfast did not create', () => {
  let injection: SimulatedInjection;
  beforeEach(() => {
    injection = new SimulatedInjection();
  });
  afterEach(() => injection.remove());

  it('is shown before the fault takes effect', async () => {
    await injection.inject('pod-delete', {}, async () => assert.deepEqual(injection.podNames(), ['web-1', 'web-2']));
    assert.deepEqual(injection.approved, [{ pods: [{ name: 'web-1' }], replicas: 2 }]);
  });

  it('is not carried out if it is not approved', async () => {
    const refuse = () => Promise.reject(new Error('no'));
    await assert.rejects(injection.inject('pod-delete', {}, refuse), /^Error: no$/);
    assert.deepEqual(injection.podNames(), ['web-1', 'web-2']);
    assert.ok(!existsSync(injection.journal));
  });

  describe('is refused', () => {
    const untouched = () => assert.deepEqual(injection.podNames(), ['web-1', 'web-2']);

    it('if it touches nodes, with the names of the faults that do not', async () => {
      const nodes = { nodes: { pick: 'zone' } };
      await assert.rejects(injection.inject('drain', nodes), /drain touches nodes.*Allowed.*pod-delete/);
      await assert.rejects(injection.inject('cordon', nodes), /touches nodes/);
      await assert.rejects(
        injection.inject('dependency-off'),
        (error: Error) => !/other:.*dependency-off/.test(error.message),
      );
      untouched();
    });

    for (const [what, change] of Object.entries(otherClusters)) {
      it(`if the context has another ${what} since it was planned`, async () => {
        await assert.rejects(
          injection.inject('pod-delete', {}, async () => change(injection.kube)),
          (error) => error instanceof NotOurs && error.message.includes(what),
        );
        untouched();
        assert.ok(!existsSync(injection.journal));
      });
    }

    it('if the cluster cannot be identified', async () => {
      injection.kube.objects.delete('Namespace//kube-system');
      await assert.rejects(injection.inject('pod-delete'), NotOurs);
      injection.kube.caCertificate = '';
      await assert.rejects(injection.inject('pod-delete'), /has no certificate authority/);
      untouched();
    });

    it('if the user may not read kube-system', async () => {
      injection.kube.read = () =>
        Promise.reject(Object.assign(new Error('namespaces is forbidden'), { statusCode: 403 }));
      await assert.rejects(
        injection.inject('pod-delete'),
        /is forbidden\nholdfast recognises a cluster by this namespace/,
      );
    });

    it('if the workload is not available or does not exist', async () => {
      const { kube } = injection;
      if (kube.owner.status) kube.owner.status.availableReplicas = 1;
      await assert.rejects(
        injection.inject('pod-delete'),
        (error) => error instanceof NoTarget && /2 updated and available replicas \(now 1\)/.test(error.message),
      );
      kube.objects.delete('Deployment/shop/web');
      await assert.rejects(injection.inject('pod-delete'), NoTarget);
      untouched();
    });

    it('if no Service selects exactly its pods', async () => {
      const { kube } = injection;
      const other = { kind: 'Pod', metadata: { name: 'canary-1', namespace: 'shop', labels: { app: 'web' } } };
      const expression = { key: 'pod-template-hash', operator: 'Exists' };
      Object.assign(kube.owner.spec?.selector ?? {}, { matchExpressions: [expression] });
      kube.objects.set('Pod/shop/canary-1', other);
      await assert.rejects(
        injection.inject('pod-delete'),
        /no Service in shop selects exactly the pods of Deployment shop\/web, .* Create a Service /,
      );
      kube.objects.delete('Pod/shop/canary-1');
      kube.objects.delete('Service/shop/web');
      await assert.rejects(injection.inject('pod-delete'), /no Service in shop/);
      untouched();
    });
  });

  describe('of a rollback', () => {
    beforeEach(() => addRevisions(injection.kube));
    const previous = () => injection.kube.replicaSets[1]?.metadata;

    it('shows and records no value of a template', async () => {
      const { name: replicaSet, uid } = previous() ?? {};
      const outcome = JSON.stringify(await injection.inject('rollback'));
      assert.match(outcome, /all 2 pods of revision \w+ replaced by 2 of revision \w+"/);
      const events = readFileSync(injection.events, 'utf8');
      for (const text of [JSON.stringify(injection.approved), events]) assert.ok(!text.includes('secret'), text);
      const { template } = injection.approved[0] as { template?: Json };
      assert.deepEqual(template, { replicaSet, uid, revision: 2 });
    });

    it('is refused if the ReplicaSet was replaced', async () => {
      const replaced = async () => {
        Object.assign(previous() ?? {}, { uid: 'another' });
      };
      assert.deepEqual(await injection.inject('rollback', {}, replaced), {
        reason: `ReplicaSet ${previous()?.name} no longer has revision 2`,
      });
      assert.deepEqual(injection.spec()?.template, newTemplate);
    });

    it('is refused if it would change a field that is not allowed', async () => {
      injection.kube.release({ ...oldTemplate, spec: { ...oldTemplate.spec, hostNetwork: true } });
      injection.kube.release(newTemplate);
      const outcome = await injection.inject('rollback');
      assert.match('reason' in outcome ? outcome.reason : '', /spec\.template\.spec\.hostNetwork must not be changed/);
      assert.deepEqual(injection.spec()?.template, newTemplate);
    });
  });
});
