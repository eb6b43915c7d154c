import type { V1LabelSelector } from '../../sys/kube.ts';

type Labels = { readonly [key: string]: string };

/**
 * Whether a label selector selects these labels, by the rules of the API server: an empty selector selects everything.
 */
export function selects(
  { matchLabels = {}, matchExpressions = [] }: V1LabelSelector = {},
  labels: Labels = {},
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        default:
          return false;
      }
    })
  );
}
