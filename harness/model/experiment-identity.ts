import { digestOf } from './digest.ts';
import { type ArmPlan, armOf, type ExperimentPlan } from './plan.ts';

/** Everything that determines what an arm shows. The name of the run, the namespace and the description do not. */
const shownBy = ({ role, workload, lab, traffic, phases, disruptions, expect, demands }: ArmPlan) => ({
  role,
  workload: workload.objects ?? workload.facts,
  options: Object.fromEntries(Object.entries(workload.options).map(([option, { value }]) => [option, value])),
  lab,
  traffic,
  phases,
  disruptions,
  expect,
  demands,
});

type Identified = Pick<ExperimentPlan, 'name' | 'question' | 'arms'>;

/**
 * The name of the experiment and a digest of its question and arms: `rolling-update@<32 hexadecimal digits>`. Results
 * of several runs can be combined only if it is the same. The number of repeats does not change it.
 */
export const experimentIdentity = (plan: Identified): string => identityBy(plan, shownBy);

/** An identity of the same form. Its digest is of the question and of what `shown` returns for each arm. */
export function identityBy({ name, question, arms }: Identified, shown: (arm: ArmPlan) => unknown): string {
  const distinct = Object.fromEntries(arms.map((arm) => [armOf(arm), shown(arm)]));
  return `${name}@${digestOf({ question, arms: distinct })}`;
}
