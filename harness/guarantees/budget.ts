import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Budget, BudgetLimit } from '../model/facts.ts';
import type { Manifest, Manifests } from '../model/manifest.ts';
import { listed } from '../model/number-words.ts';
import type { Json } from '../model/units.ts';
import { amount, amountOf } from './amounts.ts';
import { evictions } from './exercising-faults.ts';
import { textAt, valueAt, withValue } from './fields.ts';
import { guaranteeOf, refused, type UnderTest } from './guarantee.ts';
import { json } from './json.ts';
import { inSameNamespace, ownerObject, podLabels, podSelector } from './owner-object.ts';
import { isSameSelector, type Selector, selectorAt, selectorInWords, selects } from './selectors.ts';

const common = {
  name: z.string().min(1).exactOptional(),
  selector: json.exactOptional(),
  unhealthyPodEvictionPolicy: z.string().min(1).exactOptional(),
};
const one = z.union([
  z.strictObject({ minAvailable: amount, ...common }),
  z.strictObject({ maxUnavailable: amount, ...common }),
]);
const input = z.union([one, z.array(one).min(1)]);
type Input = Budget | readonly Budget[];

const defaultPolicy = 'IfHealthyBudget';

const isBudget = ({ apiVersion, kind }: Manifest): boolean =>
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
function budgetIn(object: Manifest, owner: Manifest | undefined): Budget | undefined {
  const limit = limitOf(object);
  if (!owner || !limit || !isBudget(object) || !inSameNamespace(object, owner)) return undefined;
  const { name } = object.metadata;
  const selector = selectorAt(object, 'spec', 'selector');
  if (!selects(selector, podLabels(owner))) return undefined;
  const policy = textAt(object, 'spec', 'unhealthyPodEvictionPolicy');
  return plainBudget(
    { ...limit, name, selector: selector as Json, ...(policy && { unhealthyPodEvictionPolicy: policy }) },
    owner,
  );
}

/** A budget without what is that of the owner, or the API's default. */
function plainBudget(budget: Budget, owner: Manifest): Budget {
  const { name, selector, unhealthyPodEvictionPolicy: policy, ...limit } = budget;
  const isOwn = isSameSelector(selectorAt({ selector }, 'selector'), podSelector(owner));
  return {
    ...limit,
    ...(name !== undefined && name !== owner.metadata.name && { name }),
    ...(selector !== undefined && !isOwn && { selector: selectorAt({ selector }, 'selector') as Json }),
    ...(policy !== undefined && policy !== defaultPolicy && { unhealthyPodEvictionPolicy: policy }),
  } as Budget;
}

const nameOf = ({ name }: Budget, { owner }: UnderTest): string => name ?? owner.name;

const inOrder = (budgets: readonly Budget[], under: UnderTest): readonly Budget[] =>
  budgets.toSorted((first, second) => (nameOf(first, under) < nameOf(second, under) ? -1 : 1));

function read(objects: Manifests, under: UnderTest): readonly Budget[] {
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
    selector: budget.selector ?? (selector as Json),
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

function write(objects: Manifests, under: UnderTest, value: readonly Budget[]): Manifests {
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

/** A single budget without a name stands for the only one that there is. */
function named(budget: Budget, before: readonly Budget[]): Budget {
  const [only, ...others] = before;
  if (budget.name !== undefined || only === undefined || others.length > 0) return budget;
  const { name, selector, unhealthyPodEvictionPolicy } = only;
  return {
    ...(name !== undefined && { name }),
    ...(selector !== undefined && { selector }),
    ...(unhealthyPodEvictionPolicy !== undefined && { unhealthyPodEvictionPolicy }),
    ...budget,
  };
}

function fromInput(own: Input, objects: Manifests, under: UnderTest): readonly Budget[] {
  const owner = ownerObject(objects, under);
  if (!owner) return [];
  const wanted = Array.isArray(own) ? (own as readonly Budget[]) : [named(own as Budget, read(objects, under))];
  const budgets = wanted.map((budget) => plainBudget(budget, owner));
  const names = budgets.map((budget) => nameOf(budget, under));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refused('budget', own as Json, `two budgets have the name ${twice}. Give each a name`);
  for (const { selector } of budgets)
    if (selector !== undefined && !selects(selectorAt({ selector }, 'selector'), podLabels(owner)))
      throw refused(
        'budget',
        own as Json,
        `its selector does not select the pods of ${owner.kind} ${owner.metadata.name}`,
      );
  const foreign = objects.filter(
    (object) => isBudget(object) && !budgetIn(object, owner) && inSameNamespace(object, owner),
  );
  const taken = names.find((name) => foreign.some(({ metadata }) => metadata.name === name));
  if (taken !== undefined)
    throw refused(
      'budget',
      own as Json,
      `PodDisruptionBudget ${taken} selects other pods. Give the budget another name`,
    );
  return inOrder(budgets, under);
}

/** `minAvailable 2`. */
function inWords(budget: Budget): string {
  const { selector, unhealthyPodEvictionPolicy } = budget;
  return [
    'minAvailable' in budget ? `minAvailable ${budget.minAvailable}` : `maxUnavailable ${budget.maxUnavailable}`,
    ...(selector === undefined ? [] : [`of ${selectorInWords(selectorAt({ selector }, 'selector') ?? {})}`]),
    ...(unhealthyPodEvictionPolicy === undefined ? [] : [`unhealthyPodEvictionPolicy ${unhealthyPodEvictionPolicy}`]),
  ].join(' ');
}

const allInWords = (budgets: readonly Budget[]): string =>
  budgets.length === 0 ? 'none' : listed(budgets.map(inWords));

export const budget = guaranteeOf<'budget', Json & Input>({
  name: 'budget',
  title: 'disruption budget',
  fact: z.array(one) as z.ZodType<readonly Budget[]>,
  input: input.describe('{ minAvailable: 2 }, { maxUnavailable: "30%" }, or a list of budgets with names') as z.ZodType<
    Json & Input
  >,
  read,
  write,
  valueOf: fromInput,
  takenAway: () => [],
  hasDefault: false,
  words: (budgets) =>
    budgets.length === 0
      ? 'no disruption budget'
      : `disruption budget${budgets.length === 1 ? '' : 's'} ${allInWords(budgets)}`,
  cell: allInWords,
  accepts: 'minAvailable:2 or maxUnavailable:30%',
  parse(text) {
    const [, kind, number] = /^(minAvailable|maxUnavailable):(\d{1,3}%?)$/.exec(text) ?? [];
    const pods = amountOf(number ?? '');
    if (kind === undefined || pods === undefined) return undefined;
    return kind === 'minAvailable' ? { minAvailable: pods } : { maxUnavailable: pods };
  },
  typed([only, ...others]) {
    if (!only || others.length > 0 || Object.keys(only).length > 1) return undefined;
    const [[kind, pods] = []] = Object.entries(only);
    return `${kind}:${pods}`;
  },
  exercisedBy: evictions,
});
