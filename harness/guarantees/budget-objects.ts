import { isDeepStrictEqual } from 'node:util';
import type { Budget, BudgetLimit } from '../model/facts.ts';
import type { Manifest, Manifests } from '../model/manifest.ts';
import { textAt, valueAt, withValue } from './fields.ts';
import type { UnderTest } from './guarantee.ts';
import { inSameNamespace, ownerObject, podLabels, podSelector } from './owner-object.ts';
import { isSameSelector, type Selector, selectorAt, selects } from './selectors.ts';

const defaultPolicy = 'IfHealthyBudget';

/** Whether an object is a budget, of any pods. */
export const isBudget = ({ apiVersion, kind }: Manifest): boolean =>
  kind === 'PodDisruptionBudget' && apiVersion.startsWith('policy/');

function limitOf(object: Manifest): BudgetLimit | undefined {
  const [minAvailable, maxUnavailable] = [
    valueAt(object, 'spec', 'minAvailable'),
    valueAt(object, 'spec', 'maxUnavailable'),
  ];
  if (minAvailable !== undefined) return { minAvailable } as BudgetLimit;
  return maxUnavailable === undefined ? undefined : ({ maxUnavailable } as BudgetLimit);
}

/** The budget in an object. Undefined if it does not select the pods, or has no limit, so that it limits nothing. */
export function budgetIn(object: Manifest, owner: Manifest | undefined): Budget | undefined {
  const limit = limitOf(object);
  if (!owner || !limit || !isBudget(object) || !inSameNamespace(object, owner)) return undefined;
  const { name } = object.metadata;
  const selector = selectorAt(object, 'spec', 'selector');
  if (selector === undefined || !selects(selector, podLabels(owner))) return undefined;
  const policy = textAt(object, 'spec', 'unhealthyPodEvictionPolicy');
  return plainBudget({ ...limit, name, selector, ...(policy && { unhealthyPodEvictionPolicy: policy }) }, owner);
}

/** A budget without what is that of the owner, or the API's default. */
export function plainBudget(budget: Budget, owner: Manifest): Budget {
  const { name, selector, unhealthyPodEvictionPolicy: policy, ...limit } = budget;
  const isOwn = isSameSelector(selectorAt({ selector }, 'selector'), podSelector(owner));
  return {
    ...limit,
    ...(name !== undefined && name !== owner.metadata.name && { name }),
    ...(selector !== undefined && !isOwn && { selector: selectorAt({ selector }, 'selector') }),
    ...(policy !== undefined && policy !== defaultPolicy && { unhealthyPodEvictionPolicy: policy }),
  } as Budget;
}

/** The name of the object of a budget. */
export const nameOf = ({ name }: Budget, { owner }: UnderTest): string => name ?? owner.name;

/** Budgets by name. */
export const inOrder = (budgets: readonly Budget[], under: UnderTest): readonly Budget[] =>
  budgets.toSorted((first, second) => (nameOf(first, under) < nameOf(second, under) ? -1 : 1));

/** The budgets that select the pods, by name. */
export function readBudgets(objects: Manifests, under: UnderTest): readonly Budget[] {
  const owner = ownerObject(objects, under);
  return inOrder(
    objects.flatMap((object) => budgetIn(object, owner) ?? []),
    under,
  );
}

/** An object with the limit, the selector and the policy of a budget. */
function withBudget(object: Manifest, budget: Budget, selector: Selector): Manifest {
  const fields = {
    minAvailable: 'minAvailable' in budget ? budget.minAvailable : undefined,
    maxUnavailable: 'maxUnavailable' in budget ? budget.maxUnavailable : undefined,
    selector: budget.selector ?? selector,
    unhealthyPodEvictionPolicy: budget.unhealthyPodEvictionPolicy,
  };
  let changed = object;
  for (const [field, value] of Object.entries(fields)) changed = withValue(changed, ['spec', field], value);
  return changed;
}

function newObject(budget: Budget, owner: Manifest): Manifest {
  const { name, namespace } = owner.metadata;
  const metadata = { name: budget.name ?? name, ...(namespace !== undefined && { namespace }) };
  return withBudget({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata }, budget, podSelector(owner));
}

/** The objects with these budgets of the pods. Other budgets stay as they are. */
export function writeBudgets(objects: Manifests, under: UnderTest, value: readonly Budget[]): Manifests {
  const owner = ownerObject(objects, under);
  if (!owner) return objects;
  const left = new Map(value.map((budget) => [nameOf(budget, under), budget]));
  const kept = objects.flatMap((object) => {
    const before = budgetIn(object, owner);
    if (before === undefined) return [object];
    const budget = left.get(object.metadata.name);
    left.delete(object.metadata.name);
    if (budget === undefined) return [];
    return [isDeepStrictEqual(before, budget) ? object : withBudget(object, budget, podSelector(owner))];
  });
  return [...kept, ...[...left.values()].map((budget) => newObject(budget, owner))];
}
