import type { V1Affinity, V1Container, V1Deployment, V1PodDisruptionBudget, V1Service } from '@kubernetes/client-node';
import type { Budget, Workload, WorkloadPlace, WorkloadSettings } from '../../harness/model/experiment.ts';
import { dependency, dependencyUrl } from './dependency.ts';

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
  strategy: 'RollingUpdate',
  budget: null,
  antiAffinity: 'none',
  antiAffinityOver: 'hostname',
  scheduler: 'default-scheduler',
  busyWorkers: 0,
  dependency: false,
};

/** The HTTP server of this project. Each answer names its pod, and the server logs what it does. */
export const specimen = (settings: Partial<WorkloadSettings> = {}): Workload => ({
  settings: { ...defaults, ...settings },
  serves: { service: name },
  objects: (resolved, place) => [
    deployment(resolved, place),
    service(place),
    ...(resolved.budget ? [disruptionBudget(resolved.budget, place)] : []),
    ...(resolved.dependency ? dependency(place) : []),
  ],
});

const disruptionBudget = (budget: Budget, place: WorkloadPlace): V1PodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name, namespace: place.namespace },
  spec: { ...budget, selector: { matchLabels: { app: name } } },
});

/** Root without capabilities may write only to the evidence folder, which belongs to root. */
const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
} satisfies V1Container['securityContext'];

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
      type: settings.strategy,
      ...(settings.strategy === 'RollingUpdate' && {
        rollingUpdate: { maxSurge: settings.maxSurge, maxUnavailable: settings.maxUnavailable },
      }),
    },
    template: {
      // The pod reads the label `version` as its VERSION.
      metadata: { labels: { app: name, version: '1' } },
      spec: {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: settings.graceSeconds,
        schedulerName: settings.scheduler,
        affinity: {
          nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: notOn(place.generatorNode) },
          ...podAntiAffinity(settings),
        },
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
              ...(settings.readyDelayMs ? [{ name: 'READY_DELAY_MS', value: String(settings.readyDelayMs) }] : []),
              ...(settings.requestsPerConnection
                ? [{ name: 'MAX_REQ_PER_CONN', value: String(settings.requestsPerConnection) }]
                : []),
              { name: 'DRAIN', value: settings.drain },
              { name: 'WORK_MS', value: String(settings.workMs) },
              { name: 'EVIDENCE', value: '/evidence' },
              ...(settings.dependency ? [{ name: 'DEPENDENCY_URL', value: dependencyUrl }] : []),
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
            securityContext: restricted,
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

const topologyKeys = {
  hostname: 'kubernetes.io/hostname',
  zone: 'topology.kubernetes.io/zone',
  rack: 'rack',
} as const satisfies Record<WorkloadSettings['antiAffinityOver'], string>;

function podAntiAffinity({ antiAffinity, antiAffinityOver }: WorkloadSettings): Pick<V1Affinity, 'podAntiAffinity'> {
  const term = { topologyKey: topologyKeys[antiAffinityOver], labelSelector: { matchLabels: { app: name } } };
  switch (antiAffinity) {
    case 'none':
      return {};
    case 'preferred':
      return {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }],
        },
      };
    case 'required':
      return { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  }
}
