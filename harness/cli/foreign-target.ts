import type { Owner } from '../model/owner.ts';
import { UsageError } from '../model/usage-error.ts';
import { isSystemNamespace } from '../record/foreign/allowed.ts';
import { kubernetesName } from '../record/undo/action.ts';
import { assertKnown, type ContextChoices } from './common/options.ts';

export interface TargetChoices extends ContextChoices {
  readonly namespace?: string;
  readonly deployment?: string;
  readonly statefulset?: string;
}

/** A workload in a cluster that holdfast did not create. */
export interface ForeignTarget {
  readonly context: string;
  readonly namespace: string;
  readonly owner: Owner;
}

/**
 * The workload that the flags name; undefined if they mean the lab. Throws `UsageError` if a flag is missing, if two
 * workloads are named, or if the namespace is not allowed.
 */
export function foreignTarget(choices: TargetChoices): ForeignTarget | undefined {
  const { context, namespace } = choices;
  const [owner, other] = ownersIn(choices);
  assertKnown(choices);
  if (context === undefined) {
    if (namespace === undefined && owner === undefined) return undefined;
    throw new UsageError(
      '--namespace, --deployment and --statefulset need --context. Without it, the fault is injected into the workload of the lab',
    );
  }
  if (namespace === undefined || owner === undefined)
    throw new UsageError(
      '--context needs the workload to disturb: add --namespace, and either --deployment or --statefulset',
    );
  if (other) throw new UsageError('name one workload: either --deployment or --statefulset');
  for (const name of [namespace, owner.name])
    if (!kubernetesName.safeParse(name).success) throw new UsageError(`"${name}" is not a valid name in Kubernetes`);
  if (isSystemNamespace(namespace))
    throw new UsageError(`namespace ${namespace} belongs to Kubernetes. Faults are never injected there`);
  return { context, namespace, owner };
}

const ownersIn = ({ deployment, statefulset }: TargetChoices): readonly Owner[] => [
  ...(deployment === undefined ? [] : [{ kind: 'Deployment', name: deployment } as const]),
  ...(statefulset === undefined ? [] : [{ kind: 'StatefulSet', name: statefulset } as const]),
];
