import { type Fields, isObject, withMissing } from './object.ts';
import { upgradeWorkload } from './workload.ts';

const newest = 'holdfast.plan/2';
/** Its arms held the settings of the specimen instead of a planned workload. */
const withSettings = 'holdfast.plan/1';

/** The schemas of plans of runs that this version reads, the newest first. */
export const readablePlans: readonly string[] = [newest, withSettings];

/** Upgrades the plan of a run from holdfast.plan/1. Anything else is returned unchanged. */
export function upgradeRunPlan(plan: unknown): unknown {
  if (!isObject(plan) || plan.schema !== withSettings) return plan;
  const experiments = Array.isArray(plan.experiments) ? plan.experiments.map(upgradeExperiment) : plan.experiments;
  return { ...plan, schema: newest, experiments };
}

const upgradeExperiment = (experiment: unknown): unknown =>
  isObject(experiment) && Array.isArray(experiment.arms)
    ? { ...experiment, objects: null, arms: experiment.arms.map(upgradeArmPlan) }
    : experiment;

/** Upgrades the plan of an arm from holdfast.plan/1. Anything but an object is returned unchanged. */
export const upgradeArmPlan = (plan: unknown): unknown =>
  isObject(plan)
    ? {
        ...plan,
        ...upgradeWorkload(plan.workload),
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
