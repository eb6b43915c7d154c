import assert from 'node:assert/strict';
import type { V1PodSpec } from '@kubernetes/client-node';
import { forLab } from './for-lab.ts';
import type { Manifest, Manifests } from './manifest.ts';
import type { Json } from './units.ts';

const deployment = (name: string, pod: { readonly [field: string]: Json }): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { template: { spec: { containers: [{ name: 'server', image: 'shop' }], ...pod } } },
});

const place = {
  namespace: 'arm-1',
  images: { shop: 'loaded/shop:1' },
  evidencePath: 'run/arm/workload',
  generatorNode: 'lab-control-plane',
};
const workload = { owner: { kind: 'Deployment', name: 'web' }, container: 'server' } as const;
const plain = { busyWorkers: 0, scheduler: 'default-scheduler' } as const;

const changed = (objects: Manifests, given: { readonly log?: string; readonly scheduler?: 'no-spread' } = {}) =>
  forLab(
    objects,
    {
      workload: { ...workload, log: given.log },
      lab: { ...plain, ...(given.scheduler && { scheduler: given.scheduler }) },
    },
    place,
  );

const podOf = ({ objects }: { readonly objects: Manifests }, index = 0): V1PodSpec =>
  ((objects[index] ?? assert.fail()).spec as unknown as { readonly template: { readonly spec: V1PodSpec } }).template
    .spec;

const notThere = { key: 'kubernetes.io/hostname', operator: 'NotIn', values: ['lab-control-plane'] };

describe('a workload in the lab', () => {
  it('is in the namespace of its arm, and away from the node of the generators', () => {
    const service: Manifest = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } };
    const deployed = changed([deployment('web', {}), service]);
    for (const { metadata } of deployed.objects) assert.equal(metadata.namespace, 'arm-1');
    assert.deepEqual(podOf(deployed).affinity, {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [notThere] }] },
      },
    });
  });

  it('keeps its own affinity, and adds that node to what each term excludes', () => {
    const ssd = { key: 'disk', operator: 'In', values: ['ssd'] };
    const required = { nodeSelectorTerms: [{ matchExpressions: [ssd] }, { matchFields: [] }] };
    const own = { podAntiAffinity: {}, nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
    const { affinity } = podOf(changed([deployment('web', { affinity: own })]));
    assert.deepEqual(affinity?.podAntiAffinity, {});
    assert.deepEqual(
      affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms.map(
        ({ matchExpressions }) => matchExpressions,
      ),
      [[ssd, notThere], [notThere]],
    );
  });

  it('runs the image that was loaded, in init containers too, and no other is replaced', () => {
    const pod = podOf(
      changed([
        deployment('web', {
          initContainers: [{ name: 'prepare', image: 'shop' }],
          containers: [
            { name: 'server', image: 'shop' },
            { name: 'proxy', image: 'constructor' },
          ],
        }),
      ]),
    );
    assert.deepEqual(
      [...(pod.initContainers ?? []), ...pod.containers].map(({ image }) => image),
      ['loaded/shop:1', 'loaded/shop:1', 'constructor'],
    );
  });

  it('writes its log to the evidence of its arm, if it has one', () => {
    const logging = podOf(changed([deployment('web', {})], { log: '/evidence' }));
    assert.deepEqual(logging.volumes, [
      { name: 'evidence', hostPath: { path: '/evidence/run/arm/workload', type: 'DirectoryOrCreate' } },
    ]);
    assert.deepEqual(logging.containers[0]?.volumeMounts, [{ name: 'evidence', mountPath: '/evidence' }]);
    assert.equal(podOf(changed([deployment('web', {})])).volumes, undefined);
  });

  it('gives only the owner under test the scheduler and the log', () => {
    const deployed = changed([deployment('other', {}), deployment('web', {})], {
      log: '/evidence',
      scheduler: 'no-spread',
    });
    assert.deepEqual([podOf(deployed).schedulerName, podOf(deployed, 1).schedulerName], [undefined, 'no-spread']);
    assert.equal(podOf(deployed).volumes, undefined);
  });

  it('lists each field that it changed, and leaves the objects as they were', () => {
    const objects = [deployment('web', {})];
    const before = structuredClone(objects);
    const { changes } = changed(objects, { log: '/evidence', scheduler: 'no-spread' });
    assert.deepEqual(
      changes.map(({ object, field }) => `${object} ${field}`),
      [
        'all objects metadata.namespace',
        'Deployment web spec.template.spec.affinity.nodeAffinity',
        'Deployment web spec.template.spec.containers[server].image',
        'Deployment web spec.template.spec.schedulerName',
        'Deployment web spec.template.spec.volumes[evidence]',
      ],
    );
    for (const { why } of changes) assert.ok(why.length > 10);
    assert.deepEqual(objects, before);
  });
});
