import { z } from 'zod';
import type { Budget } from '../model/facts.ts';
import type { Manifests } from '../model/manifest.ts';
import { listed } from '../model/number-words.ts';
import { amount, amountOf } from './amounts.ts';
import { budgetIn, inOrder, isBudget, nameOf, plainBudget, readBudgets, writeBudgets } from './budget-objects.ts';
import { evictions } from './exercising-faults.ts';
import { guaranteeOf, refused, type UnderTest } from './guarantee.ts';
import { json } from './json.ts';
import { inSameNamespace, ownerObject, podLabels } from './owner-object.ts';
import { selectorAt, selectorInWords, selects } from './selectors.ts';

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
  const wanted = Array.isArray(own) ? (own as readonly Budget[]) : [named(own as Budget, readBudgets(objects, under))];
  const budgets = wanted.map((budget) => plainBudget(budget, owner));
  const names = budgets.map((budget) => nameOf(budget, under));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refused('budget', own, `two budgets have the name ${twice}. Give each a name`);
  for (const { selector } of budgets)
    if (selector !== undefined && !selects(selectorAt({ selector }, 'selector'), podLabels(owner)))
      throw refused('budget', own, `its selector does not select the pods of ${owner.kind} ${owner.metadata.name}`);
  const foreign = objects.filter(
    (object) => isBudget(object) && !budgetIn(object, owner) && inSameNamespace(object, owner),
  );
  const taken = names.find((name) => foreign.some(({ metadata }) => metadata.name === name));
  if (taken !== undefined)
    throw refused(
      'budget',
      own,
      `PodDisruptionBudget ${taken} does not limit evictions of these pods. Give the budget another name`,
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

export const budget = guaranteeOf<'budget', Input>({
  name: 'budget',
  title: 'disruption budget',
  fact: z.array(one) as z.ZodType<readonly Budget[]>,
  input: input.describe(
    '{ minAvailable: 2 }, { maxUnavailable: "30%" }, or a list of budgets with names',
  ) as z.ZodType<Input>,
  read: readBudgets,
  write: writeBudgets,
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
