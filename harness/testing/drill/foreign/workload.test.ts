import assert from 'node:assert/strict';
import type { OwnerKind } from '../../../model/owner.ts';
import { findTarget } from '../../../record/target/find-target.ts';
import type { V1Deployment } from '../../../sys/kube.ts';
import { FakeKube } from '../../../sys/testing/kube.ts';
import { workloadOf } from './workload.ts';

for (const kind of ['Deployment', 'StatefulSet'] as const satisfies readonly OwnerKind[]) {
  describe(`the ${kind} of a drill`, () => {
    it('is found with its Service, without a label `version`', async () => {
      const kube = new FakeKube();
      const objects = workloadOf(kind, 'shop', 'image');
      for (const object of objects) await kube.create(object);
      const labels = (objects.at(-1) as V1Deployment).spec?.template.metadata?.labels ?? {};
      assert.deepEqual(labels, { app: 'web' });
      await kube.create({ kind: 'Pod', metadata: { name: 'web-0', namespace: 'shop', labels } });
      const service = kube.objects.get('Service/shop/web') as { spec?: object } | undefined;
      Object.assign(service?.spec ?? {}, { clusterIP: '10.96.0.9' });
      const ports = { spec: { containers: [{ ports: [{ name: 'http', containerPort: 8080 }] }] } };
      Object.assign(kube.objects.get('Pod/shop/web-0') ?? {}, ports);
      const found = await findTarget({ kube, namespace: 'shop' }, { owner: { kind, name: 'web' } });
      assert.deepEqual([found.service.name, found.replicas, found.services], ['web', 3, ['web']]);
    });
  });
}
