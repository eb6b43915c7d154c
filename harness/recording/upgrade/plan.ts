import { isObject, withMissing } from './object.ts';

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
        demands: [],
        ...plan,
        workload: withMissing(plan.workload, workload),
        traffic: withMissing(plan.traffic, { from: 'control-plane' }),
      }
    : plan;

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
