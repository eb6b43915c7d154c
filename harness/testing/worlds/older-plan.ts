import { preStopSleep, rollingLimits } from '../../model/facts.ts';
import type { ArmPlan, RunPlan } from '../../model/plan.ts';

/** The plan of a simulated arm as in holdfast.plan/1, with settings instead of facts. */
export function olderArmPlan({ lab, workload, ...plan }: ArmPlan): object {
  const { facts, container, options } = workload;
  const settings = {
    replicas: facts.replicas,
    strategy: facts.strategy.type,
    ...(rollingLimits(facts) ?? { maxSurge: 1, maxUnavailable: 0 }),
    readiness: Object.hasOwn(facts.readiness, container),
    preStopSeconds: preStopSleep(facts, container),
    graceSeconds: facts.grace,
    budget: facts.budget[0] ?? null,
    antiAffinity: 'none',
    antiAffinityOver: 'hostname',
    ...Object.fromEntries(Object.entries(options).map(([option, { value }]) => [option, value])),
    ...lab,
  };
  return { ...plan, workload: settings };
}

/** The plan of a simulated run as in holdfast.plan/1. */
export const olderRunPlan = (run: RunPlan): object => ({
  ...run,
  schema: 'holdfast.plan/1',
  experiments: run.experiments.map(({ objects: _, ...experiment }) => ({
    ...experiment,
    arms: experiment.arms.map(olderArmPlan),
  })),
});
