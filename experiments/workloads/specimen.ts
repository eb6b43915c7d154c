import type { Change } from '../../harness/model/change.ts';
import type { Workload, WorkloadOption } from '../../harness/model/experiment.ts';
import type { Manifest } from '../../harness/model/manifest.ts';
import { counted, plainSeconds } from '../../harness/model/number-words.ts';
import type { Json, Ms } from '../../harness/model/units.ts';
import { dependency, dependencyUrl } from './dependency.ts';

const name = 'web';
const port = 8080;
const logFolder = '/evidence';

/** How the server of this project behaves. */
export interface SpecimenOptions {
  /** The time from the start of the process until it listens; 3 s by default. */
  readonly startDelayMs: Ms;
  /** The time from listening until the pod is ready; 0 by default. */
  readonly readyDelayMs: Ms;
  /** The process closes a connection after this many requests; by default, or if 0, never. */
  readonly requestsPerConnection: number;
  /** What the process does on SIGTERM: close its listener and finish (the default), exit at once, or nothing. */
  readonly drain: 'graceful' | 'exit' | 'ignore';
  /** The time that the process works on each request; 0 by default. */
  readonly workMs: Ms;
  /** Whether each request calls another Deployment. If that does not answer within a second, the answer is 503. */
  readonly dependency: boolean;
}

const defaults: SpecimenOptions = {
  startDelayMs: 3000,
  readyDelayMs: 0,
  requestsPerConnection: 0,
  drain: 'graceful',
  workMs: 0,
  dependency: false,
};

/**
 * The HTTP server of this project, with three replicas, a readiness probe and a preStop sleep of 5 s. Each answer names
 * its pod, and the server logs what it does. `changes` give it other guarantees or take them away.
 */
export const specimen = (options: Partial<SpecimenOptions> = {}, ...changes: readonly Change[]): Workload => ({
  name: 'specimen',
  serves: { service: name },
  options: optionsWith({ ...defaults, ...options }),
  objects: (values) => {
    const chosen = { ...defaults, ...options, ...values };
    return [deployment(chosen), service, ...(chosen.dependency ? dependency : [])];
  },
  changes,
  log: logFolder,
});

/** A whole number in a text, in this range. */
const wholeNumber = (least: number, most: number) => (text: string) =>
  /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined;

/** A setting in seconds, up to two minutes. */
const duration = { accepts: 'a whole number of seconds from 0 to 120', most: 120 };

const secondsOf = (text: string): Ms | undefined => {
  const value = wholeNumber(0, duration.most)(text);
  return value === undefined ? undefined : 1000 * value;
};

const drainWords: { readonly [drain in SpecimenOptions['drain']]: string } = {
  graceful: 'finishes its requests on SIGTERM',
  exit: 'exits at once on SIGTERM',
  ignore: 'ignores SIGTERM',
};

type Describe = Omit<WorkloadOption, 'value'>;

const described: { readonly [option in keyof SpecimenOptions]: Describe } = {
  startDelayMs: {
    key: 'startDelay',
    accepts: duration.accepts,
    parse: secondsOf,
    words: (value) => `listens ${plainSeconds(Number(value))} after it starts`,
  },
  readyDelayMs: {
    key: 'readyDelay',
    accepts: duration.accepts,
    parse: secondsOf,
    words: (value) => (value ? `ready ${plainSeconds(Number(value))} after it listens` : undefined),
  },
  requestsPerConnection: {
    key: 'requestsPerConnection',
    accepts: 'a whole number from 0 to 100000',
    parse: wholeNumber(0, 100_000),
    words: (value) => (value ? `${counted(Number(value), 'request')} a connection` : undefined),
  },
  drain: {
    key: 'drain',
    accepts: Object.keys(drainWords).join(', '),
    parse: (text) => (Object.hasOwn(drainWords, text) ? text : undefined),
    words: (value) => (value === 'graceful' ? undefined : drainWords[value as SpecimenOptions['drain']]),
  },
  workMs: {
    key: 'work',
    accepts: 'a whole number of milliseconds from 0 to 60000',
    parse: wholeNumber(0, 60_000),
    words: (value) => (value ? `works ${value} ms on each request` : undefined),
  },
  dependency: {
    key: 'dependency',
    accepts: 'on, off',
    parse: (text) => ({ on: true, off: false })[text],
    words: (value) => (value ? 'depends on another Deployment' : undefined),
  },
};

const optionsWith = (values: SpecimenOptions): Workload['options'] =>
  Object.fromEntries(
    (Object.keys(described) as (keyof SpecimenOptions)[]).map((option) => [
      option,
      { ...described[option], value: values[option] },
    ]),
  );

/** Root without capabilities may write only to the folder of its log, which belongs to root. */
const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};

const service: Manifest = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { type: 'ClusterIP', selector: { app: name }, ports: [{ port: 80, targetPort: port, protocol: 'TCP' }] },
};

const environment = (options: SpecimenOptions): Json => [
  { name: 'PORT', value: String(port) },
  { name: 'START_DELAY_MS', value: String(options.startDelayMs) },
  ...(options.readyDelayMs ? [{ name: 'READY_DELAY_MS', value: String(options.readyDelayMs) }] : []),
  ...(options.requestsPerConnection
    ? [{ name: 'MAX_REQ_PER_CONN', value: String(options.requestsPerConnection) }]
    : []),
  { name: 'DRAIN', value: options.drain },
  { name: 'WORK_MS', value: String(options.workMs) },
  { name: 'EVIDENCE', value: logFolder },
  ...(options.dependency ? [{ name: 'DEPENDENCY_URL', value: dependencyUrl }] : []),
  { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
  { name: 'VERSION', valueFrom: { fieldRef: { fieldPath: "metadata.labels['version']" } } },
];

const deployment = (options: SpecimenOptions): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: name } },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      // The pod reads the label `version` as its VERSION.
      metadata: { labels: { app: name, version: '1' } },
      spec: {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 30,
        schedulerName: 'default-scheduler',
        securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'server',
            image: 'specimen',
            imagePullPolicy: 'IfNotPresent',
            ports: [{ containerPort: port }],
            env: environment(options),
            readinessProbe: {
              httpGet: { path: '/ready', port },
              periodSeconds: 1,
              timeoutSeconds: 1,
              failureThreshold: 1,
            },
            lifecycle: { preStop: { sleep: { seconds: 5 } } },
            resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
            securityContext: restricted,
          },
        ],
      },
    },
  },
});
