import type { SomebodysKube } from '../../foreign/testing/foreign-cluster.ts';

/** The pod template of revision 1. */
export const oldTemplate = {
  metadata: { labels: { app: 'web', release: 'one' }, annotations: { note: 'old-secret' } },
  spec: { containers: [{ name: 'web', image: 'web:1', env: [{ name: 'TOKEN', value: 'old-secret' }] }] },
};

/** The pod template of revision 2. */
export const newTemplate = {
  metadata: { labels: { app: 'web', release: 'two' } },
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

/** Gives the Deployment two revisions, so that it can be rolled back to the first one. */
export function addRevisions(kube: SomebodysKube): void {
  kube.release(oldTemplate);
  kube.release(newTemplate);
}
