import { experimentIdentity, identityBy } from '../../model/experiment-identity.ts';
import type { ArmPlan, ExperimentPlan, RunPlan } from '../../model/plan.ts';

/** The identities of experiments after the upgrade of their plans, by those before it, which their arms recorded. */
export type Identities = ReadonlyMap<string, string>;

/** What determined the identity of an arm that had the settings of the specimen as its workload. */
const shownBySettings = ({ role, workload, traffic, phases, disruptions, expect, demands }: ArmPlan) => ({
  role,
  workload,
  traffic,
  phases,
  disruptions,
  expect,
  demands,
});

/** The identity of an experiment of holdfast.plan/1. */
export const identityOfSettings = (experiment: ExperimentPlan): string => identityBy(experiment, shownBySettings);

/** The identity of an experiment is a digest of its plan, so an upgrade of the plan may change it. */
export const identitiesOf = (recorded: RunPlan, upgraded: RunPlan): Identities =>
  new Map(
    recorded.experiments.map((experiment, index) => [
      recorded.schema === upgraded.schema ? experimentIdentity(experiment) : identityOfSettings(experiment),
      experimentIdentity(upgraded.experiments[index] ?? experiment),
    ]),
  );
