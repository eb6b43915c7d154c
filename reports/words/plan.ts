import type { ArmPlan, RunPlan } from '../../harness/model/plan.ts';

/** The plan of an arm; undefined if the findings do not belong to the plan. */
export const armPlan = (plan: RunPlan, experiment: string, arm: string): ArmPlan | undefined =>
  plan.experiments.find(({ name }) => name === experiment)?.arms.find(({ name }) => name === arm);

/** Whether the arm sends requests. Otherwise reports do not mention requests. */
export const sends = (plan: ArmPlan | undefined): boolean => plan?.traffic !== null;

/** How many endpoints had to be ready at every instant. */
export const demandedReady = (plan: ArmPlan | undefined): number | undefined =>
  plan?.demands.flatMap((demand) =>
    demand.kind === 'ready-endpoints' && (demand.of ?? 'ready') === 'ready' ? [demand.atLeast] : [],
  )[0];
