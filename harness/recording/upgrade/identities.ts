import { experimentIdentity } from '../../model/experiment-identity.ts';
import type { RunPlan } from '../../model/plan.ts';

/** The identities of experiments after the upgrade of their plans, by those before it, which their arms recorded. */
export type Identities = ReadonlyMap<string, string>;

/** The identity of an experiment is a digest of its plan, so an upgrade of the plan may change it. */
export const identitiesOf = (recorded: RunPlan, upgraded: RunPlan): Identities =>
  new Map(
    recorded.experiments.map((experiment, index) => [
      experimentIdentity(experiment),
      experimentIdentity(upgraded.experiments[index] ?? experiment),
    ]),
  );
