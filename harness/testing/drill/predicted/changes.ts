import type { KubernetesManifest, Workload } from '../../../model/experiment.ts';
import type { V1Deployment, V1Service } from '../../../sys/kube.ts';

/** Changes a workload's objects before they are deployed, in a way that no setting of an experiment supports. */
export type Change = (objects: readonly KubernetesManifest[]) => readonly KubernetesManifest[];

export const changed = (workload: Workload, change: Change): Workload => ({
  ...workload,
  objects: (settings, place) => change(workload.objects(settings, place)),
});

const isService = (object: KubernetesManifest): object is V1Service => object.kind === 'Service';
const isDeployment = (object: KubernetesManifest): object is V1Deployment => object.kind === 'Deployment';

const withServiceSpec =
  (spec: Partial<V1Service['spec']>): Change =>
  (objects) =>
    objects.map((object) => (isService(object) ? { ...object, spec: { ...object.spec, ...spec } } : object));

/** Each client always reaches the same pod. */
export const sessionAffinity = withServiceSpec({ sessionAffinity: 'ClientIP' });

/** Clients prefer the pods in their own zone. */
export const topologyRouting = withServiceSpec({ trafficDistribution: 'PreferClose' });

/** Adds a Service that selects the same pods, ready or not. */
export const secondService: Change = (objects) => [
  ...objects,
  ...objects.filter(isService).map((service) => ({
    ...service,
    metadata: { ...service.metadata, name: `${service.metadata?.name}-too` },
    spec: { ...service.spec, publishNotReadyAddresses: true },
  })),
];

export const sidecarName = 'sidecar';

/**
 * Adds a second container with the same program on another port. It gets no requests, and writes its log to another
 * folder.
 */
export const sidecar: Change = (objects) =>
  objects.map((object) => {
    const pod = isDeployment(object) ? object.spec?.template.spec : undefined;
    const [server] = pod?.containers ?? [];
    if (!isDeployment(object) || !object.spec || !pod || !server) return object;
    const container = {
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
    };
    const spec = {
      ...pod,
      containers: [...pod.containers, container],
      volumes: [...(pod.volumes ?? []), { name: 'scratch', emptyDir: {} }],
    };
    return { ...object, spec: { ...object.spec, template: { ...object.spec.template, spec } } };
  });
