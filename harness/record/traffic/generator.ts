import type { V1ConfigMap, V1Pod } from '@kubernetes/client-node';
import type { Connection } from '../../model/request.ts';
import type { Ms } from '../../model/units.ts';
import { helperLabels } from '../lab/helpers.ts';

/** One k6 process, which sends requests at a fixed rate on one kind of connection. */
export interface Generator {
  readonly gen: string;
  readonly conn: Connection;
  readonly ratePerSecond: number;
  readonly timeoutMs: Ms;
  /** The process ends by itself after this time. Deleting its pod ends it earlier, after the requests in flight. */
  readonly limitMs: Ms;
}

export interface GeneratorPlace {
  readonly namespace: string;
  /** The node that sends the traffic. Faults never choose it. It may be the control plane. */
  readonly node: string;
  readonly image: string;
  /** `http://<ClusterIP>:<port>/` */
  readonly target: string;
  /** The path below `/evidence` of its node to which it writes its requests. */
  readonly evidencePath: string;
}

const scriptMap = 'generator-script';

export const generatorPodName = (gen: string): string => `generator-${gen}`;

/** The name of the file to which a generator writes its requests. */
export const requestsFile = (gen: string): string => `requests-${gen}.ndjson`;

/** The ConfigMap with the script of all generators. */
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
  metadata: {
    name: generatorPodName(generator.gen),
    namespace: place.namespace,
    labels: helperLabels('generator'),
  },
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
        // The same CPU weight as the API server, and no limit, because a generator that waits for the CPU sends late.
        resources: { requests: { cpu: '400m', memory: '128Mi' } },
        securityContext: {
          // The evidence folder belongs to root. Root without capabilities may write only there.
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
  // Otherwise k6 asks a build service for the extension that it already has.
  K6_AUTO_EXTENSION_RESOLUTION: 'false',
});
