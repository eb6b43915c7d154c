import { type Fields, isObject, withMissing } from './object.ts';

/** The settings of workloads before they could be chosen. */
const workload = {
  strategy: 'RollingUpdate',
  budget: null,
  antiAffinity: 'none',
  antiAffinityOver: 'hostname',
  scheduler: 'default-scheduler',
  busyWorkers: 0,
  dependency: false,
};

/** Adds the fields that current plans of arms have. */
export const upgradeArmPlan = (plan: unknown): unknown =>
  isObject(plan)
    ? {
        ...plan,
        workload: withMissing(plan.workload, workload),
        traffic: withMissing(plan.traffic, { from: 'control-plane' }),
        demands: 'demands' in plan ? upgradeDemands(plan.demands) : [],
      }
    : plan;

const upgradeDemands = (demands: unknown): unknown =>
  Array.isArray(demands)
    ? demands.map((demand: unknown) => (isObject(demand) ? upgradeDemand(demand) : demand))
    : demands;

/** Demands named a version. Pods had version 1 until the first rollout. */
function upgradeDemand(demand: Fields): Fields {
  if (demand.kind !== 'running-at-end' || typeof demand.version !== 'string') return demand;
  const { version, ...rest } = demand;
  return { ...rest, revision: version === '1' ? 'old' : 'new' };
}

/** Adds the fields that current plans of runs have. */
export function upgradeRunPlan(plan: unknown): unknown {
  if (!isObject(plan) || !Array.isArray(plan.experiments)) return plan;
  const experiments = plan.experiments.map((experiment: unknown) =>
    isObject(experiment) && Array.isArray(experiment.arms)
      ? { ...experiment, arms: experiment.arms.map(upgradeArmPlan) }
      : experiment,
  );
  return { ...plan, experiments };
}
