import type { Facts } from '../../model/facts.ts';
import type { Manifests } from '../../model/manifest.ts';
import type { PlannedWorkload } from '../../model/plan.ts';
import type { Json } from '../../model/units.ts';

/** The name of the container in simulated pods. */
const container = 'server';

const probe = { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1, failureThreshold: 1 };

/** The readiness probes of simulated pods with or without one. */
export const readinessOf = (readiness: boolean): Facts['readiness'] => (readiness ? { [container]: probe } : {});

/** The preStop hooks of simulated pods with a sleep of so many seconds. 0 means no hook. */
export const preStopOf = (sleepSeconds: number): Facts['preStop'] =>
  sleepSeconds === 0 ? {} : { [container]: { sleepSeconds } };

const usual: Facts = {
  replicas: 3,
  strategy: { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 },
  readiness: readinessOf(true),
  preStop: {},
  grace: 30,
  budget: [],
  antiAffinity: [],
};

const labels = { app: 'web' };

const strategyFields = ({ type, ...limits }: Facts['strategy']): Json => ({
  type,
  ...(type === 'RollingUpdate' && { rollingUpdate: limits }),
});

/** The container with the probe and the hook that the facts say. */
function containerOf({ readiness, preStop }: Facts): Json {
  const [probe, hook] = [readiness[container], preStop[container]];
  return {
    name: container,
    image: 'specimen',
    ports: [{ containerPort: 8080 }],
    ...(probe && { readinessProbe: probe }),
    ...(hook && 'sleepSeconds' in hook && { lifecycle: { preStop: { sleep: { seconds: hook.sleepSeconds } } } }),
  };
}

/** Objects that give these guarantees. */
export function objectsOf(given: Partial<Facts>): Manifests {
  const facts = { ...usual, ...given };
  const { replicas, strategy, grace, budget } = facts;
  const template = {
    metadata: { labels },
    spec: { terminationGracePeriodSeconds: grace, containers: [containerOf(facts)] },
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { replicas, strategy: strategyFields(strategy), selector: { matchLabels: labels }, template },
    },
    ...budget.map((limit) => ({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web' },
      spec: { ...limit, selector: { matchLabels: labels } },
    })),
  ];
}

/** The workload of a simulated arm with these guarantees. */
export const plannedWorkload = (facts: Partial<Facts>, startDelayMs: number): PlannedWorkload => ({
  name: 'specimen',
  owner: { kind: 'Deployment', name: 'web' },
  container,
  service: 'web',
  changes: [],
  options: {
    startDelayMs: { value: startDelayMs },
    drain: { value: 'graceful' },
    workMs: { value: 0 },
    dependency: { value: false },
  },
  facts: { ...usual, ...facts },
  objects: objectsOf(facts),
  changedForLab: [],
});

/** The conditions of a lab without busy workers. */
export const usualLab = { busyWorkers: 0, scheduler: 'default-scheduler' } as const;
