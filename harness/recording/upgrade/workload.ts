import type { Facts } from '../../model/facts.ts';
import type { ArmPlan, PlannedWorkload } from '../../model/plan.ts';
import { type Fields, isObject } from './object.ts';

/** The settings before they could be chosen. */
const defaults = {
  strategy: 'RollingUpdate',
  budget: null,
  antiAffinity: 'none',
  antiAffinityOver: 'hostname',
  scheduler: 'default-scheduler',
  busyWorkers: 0,
  dependency: false,
};

/** Settings that became options of the specimen. */
const options = ['startDelayMs', 'readyDelayMs', 'requestsPerConnection', 'drain', 'workMs', 'dependency'] as const;

/** The container of the specimen. */
const container = 'server';

type Upgraded<Of> = { readonly [field in keyof Of]: unknown };

/**
 * The workload and the lab of an arm of holdfast.plan/1, which held the settings of the specimen. Values of a wrong type
 * stay wrong, so that the schema of plans refuses them.
 */
export function upgradeWorkload(workload: unknown): Upgraded<Partial<Pick<ArmPlan, 'workload' | 'lab'>>> {
  if (!isObject(workload)) return { workload };
  const settings: Fields = { ...defaults, ...workload };
  const { busyWorkers, scheduler } = settings;
  const upgraded: Upgraded<PlannedWorkload> = {
    name: 'specimen',
    owner: { kind: 'Deployment', name: 'web' },
    container,
    service: 'web',
    changes: [],
    options: Object.fromEntries(
      options.flatMap((name) => (settings[name] === undefined ? [] : [[name, { value: settings[name] }]])),
    ),
    facts: factsOf(settings),
    objects: null,
    changedForLab: [],
  };
  return { workload: upgraded, lab: { busyWorkers, scheduler } };
}

const factsOf = (settings: Fields): Upgraded<Facts> => ({
  replicas: settings.replicas,
  strategy: strategyOf(settings),
  readiness: settings.readiness === true ? { [container]: readinessProbe } : falseAsNone(settings.readiness),
  preStop: settings.preStopSeconds === 0 ? {} : { [container]: { sleepSeconds: settings.preStopSeconds } },
  grace: settings.graceSeconds,
  budget: settings.budget === null ? [] : [settings.budget],
  antiAffinity:
    settings.antiAffinity === 'none' ? [] : [{ strength: settings.antiAffinity, over: settings.antiAffinityOver }],
});

/** The only readiness probe that the specimen had. */
const readinessProbe = { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1, failureThreshold: 1 };

const falseAsNone = (readiness: unknown): unknown => (readiness === false ? {} : readiness);

const strategyOf = ({ strategy: type, maxSurge, maxUnavailable }: Fields): Fields =>
  type === 'RollingUpdate' ? { type, maxSurge, maxUnavailable } : { type };
