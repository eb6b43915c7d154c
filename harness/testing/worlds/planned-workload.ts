import type { Facts } from '../../model/facts.ts';
import type { PlannedWorkload } from '../../model/plan.ts';

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

/** The workload of a simulated arm with these guarantees. Its objects are not recorded. */
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
  objects: null,
  changedForLab: [],
});

/** The conditions of a lab without busy workers. */
export const usualLab = { busyWorkers: 0, scheduler: 'default-scheduler' } as const;
