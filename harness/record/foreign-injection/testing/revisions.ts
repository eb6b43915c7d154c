import type { SomebodysKube } from '../../foreign/testing/foreign-cluster.ts';

/** The pod template of revision 1. */
export const oldTemplate = {
  metadata: { labels: { app: 'web', version: '1' }, annotations: { note: 'old-secret' } },
  spec: { containers: [{ name: 'web', image: 'web:1', env: [{ name: 'TOKEN', value: 'old-secret' }] }] },
};

/** The pod template of revision 2. */
export const newTemplate = {
  metadata: { labels: { app: 'web', version: '2' } },
  spec: {
    containers: [
      {
        name: 'web',
        image: 'web:2',
        args: ['--key=new-secret'],
        env: [
          { name: 'TOKEN', value: 'new-secret' },
          { name: 'DEBUG', value: '1' },
          { name: 'URL', value: '$(TOKEN)' },
        ],
      },
    ],
  },
};

/** Adds a ReplicaSet of the Deployment, or replaces the one of this revision. */
export const addReplicaSet = (kube: SomebodysKube, revision: number, template: object): void => {
  kube.objects.set(`ReplicaSet/shop/web-${revision}`, {
    kind: 'ReplicaSet',
    metadata: {
      name: `web-${revision}`,
      namespace: 'shop',
      uid: `uid-of-${revision}`,
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'uid-of-web' }],
    },
    ...{ spec: { template } },
  });
};

/** Gives the Deployment two revisions, so that it can be rolled back to the first one. */
export function addRevisions(kube: SomebodysKube): void {
  Object.assign(kube.deployment.metadata ?? {}, { uid: 'uid-of-web' });
  Object.assign(kube.deployment.spec ?? {}, { template: structuredClone(newTemplate) });
  kube.reconcile();
  addReplicaSet(kube, 2, newTemplate);
  addReplicaSet(kube, 1, oldTemplate);
}
