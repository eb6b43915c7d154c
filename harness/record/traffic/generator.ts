import type { V1ConfigMap, V1Pod } from '@kubernetes/client-node';
import type { Connection } from '../../model/request.ts';
import type { Ms } from '../../model/units.ts';

/** One k6 process: an open model, one kind of connection. */
export interface Generator {
  readonly gen: string;
  readonly conn: Connection;
  readonly ratePerSecond: number;
  readonly timeoutMs: Ms;
  /** It ends by itself after so long; deleting its pod ends it earlier, and lets requests in flight end. */
  readonly limitMs: Ms;
}

export interface GeneratorPlace {
  readonly namespace: string;
  /** Where the traffic comes from: never a target, and possibly the control plane. */
  readonly node: string;
  readonly image: string;
  /** `http://<ClusterIP>:<port>/` */
  readonly target: string;
  /** Below `/evidence` of its node: where it writes its requests. */
  readonly evidencePath: string;
}

const scriptMap = 'generator-script';

export const generatorPodName = (gen: string): string => `generator-${gen}`;

/** The file that a generator writes its requests to. */
export const requestsFile = (gen: string): string => `requests-${gen}.ndjson`;

/** The script that all generators run, as an object of the cluster. */
export const generatorScript = (namespace: string, script: string): V1ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: scriptMap, namespace },
  immutable: true,
  data: { 'script.js': script },
});

export const generatorPod = (generator: Generator, place: GeneratorPlace): V1Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: generatorPodName(generator.gen), namespace: place.namespace, labels: { app: 'generator' } },
  spec: {
    nodeName: place.node,
    tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: Math.ceil(generator.timeoutMs / 1000) + 5,
    securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'k6',
        image: place.image,
        imagePullPolicy: 'IfNotPresent',
        args: [
          'run',
          '--quiet',
          '--no-usage-report',
          '--summary-mode=disabled',
          '--no-thresholds',
          '--address=',
          `--out=holdfast=/evidence/${requestsFile(generator.gen)}`,
          '/script/script.js',
        ],
        env: Object.entries(environment(generator, place)).map(([name, value]) => ({ name, value })),
        // As much weight as the API server has, and no limit: a generator that waits for the CPU sends late.
        resources: { requests: { cpu: '400m', memory: '128Mi' } },
        securityContext: {
          // The evidence directory belongs to root; root without capabilities may write there and nowhere else.
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
        },
        volumeMounts: [
          { name: 'script', mountPath: '/script', readOnly: true },
          { name: 'evidence', mountPath: '/evidence' },
        ],
      },
    ],
    volumes: [
      { name: 'script', configMap: { name: scriptMap } },
      { name: 'evidence', hostPath: { path: `/evidence/${place.evidencePath}`, type: 'DirectoryOrCreate' } },
    ],
  },
});

const environment = (generator: Generator, place: GeneratorPlace) => ({
  HOLDFAST_TARGET: place.target,
  HOLDFAST_GEN: generator.gen,
  HOLDFAST_CONN: generator.conn,
  HOLDFAST_RATE: String(generator.ratePerSecond),
  HOLDFAST_TIMEOUT_MS: String(generator.timeoutMs),
  HOLDFAST_DURATION_MS: String(generator.limitMs),
  // Else k6 asks a build service for the extension that it already has.
  K6_AUTO_EXTENSION_RESOLUTION: 'false',
});
