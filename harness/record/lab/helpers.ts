import { digestOf } from '../../model/digest.ts';

/**
 * The pods that holdfast itself runs beside the workload. They have their own namespace, so that the pod security,
 * quotas, limits and network policies of the workload’s namespace do not apply to them.
 */
type Helper = 'generator' | 'busy' | 'fault';

/** Every helper pod has this label. */
const label = 'holdfast.dev/helper';

export const helperLabels = (helper: Helper): { [label: string]: string } => ({ [label]: helper });

/** A label selector for one kind of helper pods. */
export const helperSelector = (helper: Helper): string => `${label}=${helper}`;

/** A label selector for all pods that are not helpers. */
export const exceptHelpers = `!${label}`;

/** Generators mount a folder of their node, which only the level `privileged` allows. */
export const podSecurityOfHelpers = { 'pod-security.kubernetes.io/enforce': 'privileged' };

/** The limit of Kubernetes for the name of a namespace. */
const longestName = 63;
const ending = '-helpers';
const digestLength = 8;

/** The name of the helpers’ namespace, by the namespace of the arm. A long name is cut and gets a digest. */
export function helpersNamespace(namespace: string): string {
  const name = `${namespace}${ending}`;
  if (name.length <= longestName) return name;
  const uniqueEnding = `-${digestOf(namespace).slice(0, digestLength)}${ending}`;
  return `${namespace.slice(0, longestName - uniqueEnding.length)}${uniqueEnding}`;
}
