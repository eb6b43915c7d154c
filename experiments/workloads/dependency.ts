import type { Manifests } from '../../harness/model/manifest.ts';
import type { Json } from '../../harness/model/units.ts';

const name = 'dependency';
const labels = { app: name };
/** The label by which holdfast and its faults find the dependency. */
const asDependency = { 'holdfast.dev/dependency': 'true' };
const port = 8080;
const serverPort = 8081;

/** The specimen calls this address before each of its answers. */
export const dependencyUrl = `http://${name}/`;

const container = (own: { readonly [field: string]: Json }): Json => ({
  ...own,
  image: 'specimen',
  imagePullPolicy: 'IfNotPresent',
  resources: { requests: { cpu: '25m', memory: '48Mi' }, limits: { memory: '192Mi' } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
  volumeMounts: [{ name: 'scratch', mountPath: '/tmp' }],
});

/** The dependency of the workload: a server behind a proxy that can delay what clients send. */
export const dependency: Manifests = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: asDependency },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 5,
          securityContext: { runAsUser: 65_534, runAsGroup: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            container({
              name: 'server',
              env: [
                { name: 'PORT', value: String(serverPort) },
                { name: 'EVIDENCE', value: '/tmp' },
              ],
              readinessProbe: { httpGet: { path: '/ready', port: serverPort }, periodSeconds: 1 },
            }),
            container({
              name: 'lag',
              command: ['/usr/local/bin/node', '/specimen/lag.ts'],
              env: [
                { name: 'PORT', value: String(port) },
                { name: 'TARGET_PORT', value: String(serverPort) },
              ],
            }),
          ],
          volumes: [{ name: 'scratch', emptyDir: {} }],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: asDependency },
    spec: { type: 'ClusterIP', selector: labels, ports: [{ port: 80, targetPort: port, protocol: 'TCP' }] },
  },
];
