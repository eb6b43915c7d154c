import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../model/units.ts';
import { type Fields, fieldsAt, listAt, sortedEntries, textAt, valueAt } from './fields.ts';

export type Labels = Fields;

/** A label selector without empty fields. */
export type Selector = { readonly matchLabels?: Json; readonly matchExpressions?: Json };

/** The selector of these labels. */
export const selectorOf = (labels: Labels): Selector =>
  Object.keys(labels).length === 0 ? {} : { matchLabels: labels as Json };

/** The label selector in a field. Undefined if it is absent: it then selects nothing. */
export function selectorAt(of: unknown, ...path: [string, ...string[]]): Selector | undefined {
  if (valueAt(of, ...path) === undefined) return undefined;
  const matchExpressions = listAt(of, ...path, 'matchExpressions');
  return {
    ...selectorOf(fieldsAt(of, ...path, 'matchLabels')),
    ...(matchExpressions.length > 0 && { matchExpressions }),
  };
}

/** Whether a selector selects pods with these labels. An absent selector selects nothing, an empty one everything. */
export function selects(selector: Selector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  const matches = Object.entries(fieldsAt(selector, 'matchLabels'));
  const expressions = listAt(selector, 'matchExpressions');
  return (
    matches.every(([key, value]) => valueAt(labels, key) === value) &&
    expressions.every((expression) => holds(expression, labels))
  );
}

function holds(expression: Json, labels: Labels): boolean {
  const value = valueAt(labels, textAt(expression, 'key') ?? '');
  const isIn = value !== undefined && listAt(expression, 'values').includes(value);
  switch (textAt(expression, 'operator')) {
    case 'In':
      return isIn;
    case 'NotIn':
      return !isIn;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

export const isSameSelector = (one: Selector | undefined, other: Selector | undefined): boolean =>
  isDeepStrictEqual(one, other);

/** A selector as kubectl prints it: `app=web,tier in (a,b),!canary`. */
export function selectorInWords(selector: Selector): string {
  const labels = sortedEntries(fieldsAt(selector, 'matchLabels')).map(([key, value]) => `${key}=${value}`);
  const words = [...labels, ...listAt(selector, 'matchExpressions').map(expressionInWords)].join(',');
  return words === '' ? 'all pods' : words;
}

function expressionInWords(expression: Json): string {
  const key = textAt(expression, 'key') ?? '';
  const values = listAt(expression, 'values').join(',');
  switch (textAt(expression, 'operator')) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}
