import type { Budget } from '../../model/facts.ts';
import type { PlannedWorkload } from '../../model/plan.ts';

/** The planned budgets of the pods under test by name. A budget without a name has that of the owner. */
export const plannedBudgets = ({ facts, owner }: PlannedWorkload): ReadonlyMap<string, Budget> =>
  new Map(facts.budget.map((budget) => [budget.name ?? owner.name, budget]));

/**
 * Whether the budget counts the pods under test and no others. A budget with another selector than the owner may count
 * more or fewer.
 */
export const countsOurPods = ({ selector }: Budget): boolean => selector === undefined;

/** The names of the planned budgets that select only other pods. */
export function budgetsOfOtherPods(workload: PlannedWorkload): ReadonlySet<string> {
  const own = plannedBudgets(workload);
  const all = (workload.objects ?? []).filter(({ kind }) => kind === 'PodDisruptionBudget');
  return new Set(all.map(({ metadata }) => metadata.name).filter((name) => !own.has(name)));
}
