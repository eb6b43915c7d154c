import type { V1Container, V1Deployment, V1Service } from '@kubernetes/client-node';
import type { KubernetesManifest, WorkloadPlace } from '../../harness/model/experiment.ts';

const name = 'dependency';
const labels = { app: name };
/** The label by which holdfast and its faults find the dependency. */
const asDependency = { 'holdfast.dev/dependency': 'true' };
const port = 8080;
const serverPort = 8081;

/** The specimen calls this address before each of its answers. */
export const dependencyUrl = `http://${name}/`;

const container = (
  own: Pick<V1Container, 'name' | 'command' | 'env' | 'readinessProbe'>,
  place: WorkloadPlace,
): V1Container => ({
  ...own,
  image: place.image,
  imagePullPolicy: 'IfNotPresent',
  resources: { requests: { cpu: '25m', memory: '48Mi' }, limits: { memory: '192Mi' } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
  volumeMounts: [{ name: 'scratch', mountPath: '/tmp' }],
});

const deployment = (place: WorkloadPlace): V1Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: place.namespace, labels: asDependency },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 5,
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: 'kubernetes.io/hostname', operator: 'NotIn', values: [place.generatorNode] },
                  ],
                },
              ],
            },
          },
        },
        securityContext: { runAsUser: 65_534, runAsGroup: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          container(
            {
              name: 'server',
              env: [
                { name: 'PORT', value: String(serverPort) },
                { name: 'EVIDENCE', value: '/tmp' },
              ],
              readinessProbe: { httpGet: { path: '/ready', port: serverPort }, periodSeconds: 1 },
            },
            place,
          ),
          container(
            {
              name: 'lag',
              command: ['/usr/local/bin/node', '/specimen/lag.ts'],
              env: [
                { name: 'PORT', value: String(port) },
                { name: 'TARGET_PORT', value: String(serverPort) },
              ],
            },
            place,
          ),
        ],
        volumes: [{ name: 'scratch', emptyDir: {} }],
      },
    },
  },
});

const service = (place: WorkloadPlace): V1Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: place.namespace, labels: asDependency },
  spec: { type: 'ClusterIP', selector: labels, ports: [{ port: 80, targetPort: port, protocol: 'TCP' }] },
});

/** The dependency of the workload: a server behind a proxy that can delay what clients send. */
export const dependency = (place: WorkloadPlace): readonly KubernetesManifest[] => [deployment(place), service(place)];
