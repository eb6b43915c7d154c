import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import type { Workload, WorkloadPlace, WorkloadSettings } from '../../harness/model/experiment.ts';

const name = 'web';
const port = 8080;

const defaults: WorkloadSettings = {
  replicas: 3,
  maxSurge: 1,
  maxUnavailable: 0,
  readiness: true,
  preStopSeconds: 5,
  graceSeconds: 30,
  startDelayMs: 3000,
  drain: 'graceful',
  workMs: 0,
};

/** The project's own HTTP server: it proves who answered, and logs what it does. */
export const specimen = (settings: Partial<WorkloadSettings> = {}): Workload => ({
  settings: { ...defaults, ...settings },
  objects: (resolved, place) => [deployment(resolved, place), service(place)],
});

const service = (place: WorkloadPlace): V1Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: place.namespace },
  spec: { type: 'ClusterIP', selector: { app: name }, ports: [{ port: 80, targetPort: port, protocol: 'TCP' }] },
});

const deployment = (settings: WorkloadSettings, place: WorkloadPlace): V1Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: place.namespace },
  spec: {
    replicas: settings.replicas,
    selector: { matchLabels: { app: name } },
    strategy: {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: settings.maxSurge, maxUnavailable: settings.maxUnavailable },
    },
    template: {
      // The label is what a rollout changes; the pod reads it back as its VERSION.
      metadata: { labels: { app: name, version: '1' } },
      spec: {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: settings.graceSeconds,
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: notOn(place.generatorNode) } },
        securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'server',
            image: place.image,
            imagePullPolicy: 'IfNotPresent',
            ports: [{ containerPort: port }],
            env: [
              { name: 'PORT', value: String(port) },
              { name: 'START_DELAY_MS', value: String(settings.startDelayMs) },
              { name: 'DRAIN', value: settings.drain },
              { name: 'WORK_MS', value: String(settings.workMs) },
              { name: 'EVIDENCE', value: '/evidence' },
              { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
              { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
              { name: 'VERSION', valueFrom: { fieldRef: { fieldPath: "metadata.labels['version']" } } },
            ],
            ...(settings.readiness && {
              readinessProbe: {
                httpGet: { path: '/ready', port },
                periodSeconds: 1,
                timeoutSeconds: 1,
                failureThreshold: 1,
              },
            }),
            ...(settings.preStopSeconds > 0 && {
              lifecycle: { preStop: { sleep: { seconds: settings.preStopSeconds } } },
            }),
            resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
            securityContext: {
              // The evidence directory belongs to root; root without capabilities may write there and nowhere else.
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              readOnlyRootFilesystem: true,
            },
            volumeMounts: [{ name: 'evidence', mountPath: '/evidence' }],
          },
        ],
        volumes: [
          { name: 'evidence', hostPath: { path: `/evidence/${place.evidencePath}`, type: 'DirectoryOrCreate' } },
        ],
      },
    },
  },
});

const notOn = (node: string) => ({
  nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'NotIn', values: [node] }] }],
});
