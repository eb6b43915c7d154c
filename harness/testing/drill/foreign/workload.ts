import type { OwnerKind } from '../../../model/owner.ts';
import type { KubernetesObject } from '../../../sys/kube.ts';

const name = 'web';
const labels = { app: name };
const port = 8080;

/** Such a namespace refuses every pod that could harm its node. */
export const namespaceLabels = { 'pod-security.kubernetes.io/enforce': 'restricted' };

/** A workload of three pods without a label `version`, its Services, and a quota. */
export function workloadOf(kind: OwnerKind, namespace: string, image: string): readonly KubernetesObject[] {
  const metadata = { name, namespace };
  const service = (called: string, spec: object) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: called, namespace },
    spec: { selector: labels, ports: [{ port: 80, targetPort: 'http' }], ...spec },
  });
  const headless = `${name}-headless`;
  return [
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata, ...{ spec: { hard: { pods: '6' } } } },
    service(name, {}),
    ...(kind === 'StatefulSet' ? [service(headless, { clusterIP: 'None' })] : []),
    {
      apiVersion: 'apps/v1',
      kind,
      metadata,
      ...{
        spec: {
          replicas: 3,
          selector: { matchLabels: labels },
          ...(kind === 'StatefulSet' && { serviceName: headless }),
          template: { metadata: { labels }, spec: podSpec(image) },
        },
      },
    },
  ];
}

const podSpec = (image: string): object => ({
  terminationGracePeriodSeconds: 5,
  securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'server',
      image,
      imagePullPolicy: 'IfNotPresent',
      ports: [{ name: 'http', containerPort: port }],
      env: [
        { name: 'PORT', value: String(port) },
        { name: 'DRAIN', value: 'exit' },
        { name: 'EVIDENCE', value: '/tmp' },
        { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      ],
      readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 1, failureThreshold: 1 },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
    },
  ],
  volumes: [{ name: 'tmp', emptyDir: {} }],
});
