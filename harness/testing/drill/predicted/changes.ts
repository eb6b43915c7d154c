import type { Workload } from '../../../model/experiment.ts';
import type { Manifest, Manifests } from '../../../model/manifest.ts';
import type { Json } from '../../../model/units.ts';
import type { V1Deployment } from '../../../sys/kube.ts';

/** Changes a workload's objects before they are deployed, in a way that no setting of an experiment supports. */
export type ObjectsChange = (objects: Manifests) => Manifests;

export const changed = (workload: Workload, change: ObjectsChange): Workload => ({
  ...workload,
  objects: (options) => change(workload.objects(options)),
});

const isService = ({ kind }: Manifest): boolean => kind === 'Service';

const withServiceSpec =
  (fields: { readonly [field: string]: Json }): ObjectsChange =>
  (objects) =>
    objects.map((object) =>
      isService(object) ? { ...object, spec: { ...(object.spec as object), ...fields } } : object,
    );

/** Each client always reaches the same pod. */
export const sessionAffinity = withServiceSpec({ sessionAffinity: 'ClientIP' });

/** Clients prefer the pods in their own zone. */
export const topologyRouting = withServiceSpec({ trafficDistribution: 'PreferClose' });

/** Adds a Service that selects the same pods, ready or not. */
export const secondService: ObjectsChange = (objects) => [
  ...objects,
  ...objects.filter(isService).map((service) => ({
    ...service,
    metadata: { ...service.metadata, name: `${service.metadata.name}-too` },
    spec: { ...(service.spec as object), publishNotReadyAddresses: true },
  })),
];

export const sidecarName = 'sidecar';

/**
 * Adds a second container with the same program on another port. It gets no requests, and writes its log to another
 * folder.
 */
export const sidecar: ObjectsChange = (objects) =>
  objects.map((object) => {
    if (object.kind !== 'Deployment') return object;
    const deployment = structuredClone(object) as unknown as V1Deployment;
    const pod = deployment.spec?.template.spec;
    const [server] = pod?.containers ?? [];
    if (!pod || !server) return object;
    pod.containers.push({
      name: sidecarName,
      image: server.image ?? '',
      imagePullPolicy: 'IfNotPresent',
      env: [
        { name: 'PORT', value: '8081' },
        { name: 'DRAIN', value: 'exit' },
        { name: 'EVIDENCE', value: '/tmp' },
      ],
      resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
      ...(server.securityContext && { securityContext: server.securityContext }),
      volumeMounts: [{ name: 'scratch', mountPath: '/tmp' }],
    });
    pod.volumes = [...(pod.volumes ?? []), { name: 'scratch', emptyDir: {} }];
    return deployment as unknown as Manifest;
  });
